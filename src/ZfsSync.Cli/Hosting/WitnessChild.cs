using ZfsSync.Cli.Connection;
using ZfsSync.Cli.Output;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Cli.Hosting;

/// <summary>The program zfs-sync-witness as a child of this one: started, listened to, and ended with it.</summary>
internal sealed class WitnessChild : IAsyncDisposable
{
    private const string KeyLine = "admin key: ";
    private const string ListenLine = "zfs-sync-witness listens on ";
    private const string SaidLine = WitnessProgram.Name + ": ";
    private const int MostErrorLines = 12;
    private static readonly TimeSpan SaidEvery = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WitnessChild(
        Surroundings surroundings,
        WitnessProgram program,
        IReadOnlyDictionary<string, string> settings
    )
    {
        var variables = new Dictionary<string, string>(surroundings.Settings, StringComparer.Ordinal);
        foreach (var (name, value) in settings)
            variables[name] = value;
        // It ends itself when it is no longer our child: when we are killed.
        variables["ZFS_SYNC_PARENT_PID"] = Environment.ProcessId.ToString();
        var command = new Command(program.Path) { Variables = variables };
        Ended = surroundings.Runner.RunAsync(command, OnLine, _stop.Token);
    }

    /// <summary>The key that the witness made for the first admin, only now known; null when it had one.</summary>
    public string? AdminKey { get; private set; }

    /// <summary>Ends when the child does, whoever ended it.</summary>
    public Task<CommandResult> Ended { get; }

    /// <summary>
    /// Starts it, and returns when it answers requests, however long that takes: after an update it may have to rewrite a
    /// large database first, and ended in between it would begin anew. Meanwhile people are told.
    /// </summary>
    /// <param name="settings">Over those of our own environment.</param>
    /// <exception cref="CommandFault">It ended instead; with what it said.</exception>
    public static async Task<(WitnessChild Child, Uri Address)> StartAsync(
        Surroundings surroundings,
        WitnessProgram program,
        IReadOnlyDictionary<string, string> settings,
        CancellationToken cancellation
    )
    {
        var child = new WitnessChild(surroundings, program, settings);
        try
        {
            var first = await child.FirstAsync(surroundings, cancellation);
            if (first == child.Ended)
                throw child.Fault(await child.Ended);
            return (child, await child._listening.Task);
        }
        catch
        {
            await child.DisposeAsync();
            throw;
        }
    }

    /// <summary>What to say when it ended although nobody asked it to.</summary>
    public CommandFault Fault(CommandResult result)
    {
        var lines = result.ErrorTail.Split(
            '\n',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );
        // What it says for people carries its name; the rest is its log.
        var said = lines.Where(l => l.StartsWith(SaidLine, StringComparison.Ordinal)).Select(l => l[SaidLine.Length..]);
        said = said.Any() ? said : lines.TakeLast(MostErrorLines);
        return new CommandFault(
            result.ExitCode == ExitCodes.Usage ? ExitCodes.Usage : ExitCodes.NotInSync,
            $"The witness ended with exit code {result.ExitCode}.",
            said.Any() ? string.Join('\n', said) : null
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await Ended;
        }
        catch (Exception fault) when (fault is OperationCanceledException or ToolException)
        {
            // Ended as asked, or never started, which StartAsync has told.
        }
        _stop.Dispose();
    }

    /// <summary>That it listens, or its end.</summary>
    private async Task<Task> FirstAsync(Surroundings surroundings, CancellationToken cancellation)
    {
        var first = Task.WhenAny(_listening.Task, Ended);
        for (var waited = SaidEvery; ; waited += SaidEvery)
        {
            try
            {
                return await first.WaitAsync(SaidEvery, surroundings.Time, cancellation);
            }
            catch (TimeoutException)
            {
                new Screen(surroundings, json: false).Note(
                    $"The witness is still starting after {waited.TotalSeconds:0} s. A large database takes a while after an update; do not end it now without need."
                );
            }
        }
    }

    private void OnLine(string line)
    {
        if (line.StartsWith(KeyLine, StringComparison.Ordinal))
            AdminKey = line[KeyLine.Length..].Trim();
        else if (
            line.StartsWith(ListenLine, StringComparison.Ordinal)
            && Uri.TryCreate(line[ListenLine.Length..].Trim(), UriKind.Absolute, out var address)
        )
            _listening.TrySetResult(address);
    }
}

using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Agent;

/// <summary>The simulated hosts, and beside them a syncoid that does what a test says.</summary>
internal sealed class SyncoidStandIn(ICommandRunner zfs) : ICommandRunner
{
    public List<IReadOnlyList<string>> Runs { get; } = [];

    /// <summary>What a run does, says and ends with.</summary>
    public Func<Task<(int ExitCode, string Output)>> Act { get; set; } = () => Task.FromResult((0, ""));

    public async Task<CommandResult> RunAsync(Command command, Action<string>? onLine, CancellationToken cancellation)
    {
        if (command is { Program: "syncoid", Arguments: ["--version"] })
            return new CommandResult(0, "/usr/sbin/syncoid version 2.2.0\n", "");
        if (command.Program != "sh" || !command.Arguments.Contains("syncoid"))
            return await zfs.RunAsync(command, onLine, cancellation);
        Runs.Add([.. command.Arguments.Skip(4)]);
        var (exitCode, output) = await Act();
        foreach (var line in output.Split('\n'))
            onLine!(line);
        return new CommandResult(exitCode, "", "");
    }

    public Task<PipeResult> PipeAsync(
        IReadOnlyList<Command> stages,
        PipeOptions options,
        CancellationToken cancellation
    ) => throw new InvalidOperationException("syncoid moves the data, and a pipe was started.");
}

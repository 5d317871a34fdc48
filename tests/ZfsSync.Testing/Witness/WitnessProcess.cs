using System.Diagnostics;
using ZfsSync.Contracts.Client;

namespace ZfsSync.Testing.Witness;

/// <summary>The real program <c>zfs-sync-witness</c> as a child process, for what only a process can show: exit codes, signals, kill -9.</summary>
public sealed class WitnessProcess : IDisposable
{
    private const string Listens = "zfs-sync-witness listens on ";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process process;
    private readonly List<string> output = [];
    private readonly Task<string> errors;
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private WitnessProcess(Process process)
    {
        this.process = process;
        errors = process.StandardError.ReadToEndAsync();
        _ = ReadOutputAsync();
    }

    /// <summary>The lines of standard output so far.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (output)
                return [.. output];
        }
    }

    /// <summary>Starts it with <c>ZFS_SYNC_*</c> settings given without their prefix.</summary>
    public static WitnessProcess Start(IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "zfs-sync-witness.dll");
        var start = new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in settings)
            start.Environment["ZFS_SYNC_" + name] = value;
        return new WitnessProcess(Process.Start(start)!);
    }

    public Task<Uri> ListeningAsync() => listening.Task.WaitAsync(Patience);

    public async Task<WitnessClient> ClientAsync(HttpClient http, string key) =>
        WitnessClient.Connect(http, await ListeningAsync(), key);

    /// <summary>As a power cut ends it.</summary>
    public Task KillAsync()
    {
        process.Kill();
        return process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>SIGTERM.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", process.Id.ToString()]).WaitForExit();

    /// <summary>Waits for its end.</summary>
    public async Task<(int Code, string Errors)> ExitAsync()
    {
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await errors);
    }

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.Dispose();
    }

    private async Task ReadOutputAsync()
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (output)
                output.Add(line);
            if (line.StartsWith(Listens, StringComparison.Ordinal))
                listening.TrySetResult(new Uri(line[Listens.Length..]));
        }
        listening.TrySetException(
            new InvalidOperationException($"The witness ended before it listened: {await errors}")
        );
    }
}

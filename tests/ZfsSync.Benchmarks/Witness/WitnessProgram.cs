using System.Diagnostics;
using ZfsSync.Benchmarks.Measuring;

namespace ZfsSync.Benchmarks.Witness;

/// <summary>The program <c>zfs-sync-witness</c> as it ships, as a child process on a folder of its own.</summary>
internal sealed class WitnessProgram : IAsyncDisposable
{
    public const string AdminKey = "benchmark-admin-key-0123456789";

    /// <summary>The fleet of a benchmark does not report while it is planned, and must not count as silent.</summary>
    public const int SilenceSeconds = 86_400;
    private static readonly string? Shipped = Environment.GetEnvironmentVariable("BENCH_WITNESS");
    private static readonly string Built = Path.Combine(AppContext.BaseDirectory, "zfs-sync-witness.dll");
    private const string Listens = "zfs-sync-witness listens on ";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly Process process;
    private readonly List<string> log = [];
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task reading;

    private WitnessProgram(Process process)
    {
        this.process = process;
        reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public static async Task<(WitnessProgram Program, Uri Address)> StartAsync(string folder)
    {
        var start = new ProcessStartInfo(Shipped ?? "dotnet", Shipped is null ? [Built] : [])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        foreach (
            var name in start
                .Environment.Keys.Where(name => name.StartsWith("ZFS_SYNC_", StringComparison.Ordinal))
                .ToList()
        )
            start.Environment.Remove(name);
        start.Environment["ZFS_SYNC_DATA_DIR"] = folder;
        start.Environment["ZFS_SYNC_PORT"] = "0";
        start.Environment["ZFS_SYNC_ADMIN_KEY"] = AdminKey;
        start.Environment["ZFS_SYNC_HEARTBEAT_TIMEOUT_SECONDS"] = $"{SilenceSeconds}";
        var program = new WitnessProgram(Process.Start(start)!);
        return (program, await program.listening.Task.WaitAsync(Patience));
    }

    public int Id => process.Id;

    public ProcessCost Cost => ProcessCost.Of(process.Id);

    /// <summary>The first line of its output or log that holds this text.</summary>
    public async Task<string> LineAsync(string text, TimeSpan limit)
    {
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            lock (log)
            {
                if (log.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                    return found;
            }
            if (process.HasExited || Stopwatch.GetElapsedTime(started) > limit)
                throw new InvalidOperationException($"The witness did not say '{text}'. Its log: {Tail()}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }

    /// <summary>SIGTERM, as a service manager ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]);
            await kill.WaitForExitAsync();
            await process.WaitForExitAsync().WaitAsync(Patience);
        }
        await reading;
        process.Dispose();
    }

    private string Tail()
    {
        lock (log)
            return string.Join('\n', log.TakeLast(20));
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (log)
                log.Add(line);
            if (line.StartsWith(Listens, StringComparison.Ordinal))
                listening.TrySetResult(new Uri(line[Listens.Length..]));
        }
        listening.TrySetException(new InvalidOperationException($"The witness ended before it listened: {Tail()}"));
    }
}

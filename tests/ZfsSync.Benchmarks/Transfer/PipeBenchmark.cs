using System.Diagnostics;
using ZfsSync.Benchmarks.Measuring;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Benchmarks.Transfer;

/// <summary>
/// 1 GiB from one program to another: through the shell's pipe, and through our runner, which counts every byte on the
/// way. Both in turn, many times, because a busy machine disturbs single runs.
/// </summary>
internal sealed class PipeBenchmark
{
    private const int Rounds = 9;
    private const long Bytes = 1L << 30;
    private readonly LocalCommandRunner runner = new();
    private readonly ResultTable table = new(
        "1 GiB from a program to another on this machine, best of " + Rounds,
        "programs",
        "shell's pipe",
        "zfs-sync",
        "ratio",
        "zfs-sync's own CPU, of the time"
    );

    public async Task<IReadOnlyList<ResultTable>> RunAsync()
    {
        await MeasureAsync("head -c, cat", new Command("head", "-c", $"{Bytes}", "/dev/zero"), "cat >/dev/null");
        await MeasureAsync(
            "dd bs=128k, dd bs=128k",
            new Command("dd", "if=/dev/zero", "bs=128k", $"count={Bytes >> 17}", "status=none"),
            "dd of=/dev/null bs=128k status=none"
        );
        return [table];
    }

    private async Task MeasureAsync(string name, Command giver, string taker)
    {
        var shell = new Command("sh", "-c", $"{giver.Program} {string.Join(' ', giver.Arguments)} | {taker}");
        var (best, bestShell, bestCpu) = (TimeSpan.MaxValue, TimeSpan.MaxValue, TimeSpan.Zero);
        for (var round = 0; round < Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            var result = await runner.RunAsync(shell, null, CancellationToken.None);
            var took = Stopwatch.GetElapsedTime(started);
            Require(result.ExitCode == 0, "The shell's pipe failed.");
            bestShell = took < bestShell ? took : bestShell;

            var cpu = Environment.CpuUsage.TotalTime;
            started = Stopwatch.GetTimestamp();
            var piped = await runner.PipeAsync(
                [giver, new Command("sh", "-c", $"exec {taker}")],
                PipeOptions.None,
                CancellationToken.None
            );
            took = Stopwatch.GetElapsedTime(started);
            Require(piped.IsSuccess && piped.Bytes == Bytes, $"{piped.Bytes} bytes were counted.");
            // The first round finds code that is not compiled yet.
            if (round > 0 && took < best)
                (best, bestCpu) = (took, Environment.CpuUsage.TotalTime - cpu);
        }
        table.Add(
            name,
            Figure.Time(bestShell),
            Figure.Time(best),
            Figure.Ratio(best / bestShell),
            Figure.Percent(bestCpu / best)
        );
    }

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException(otherwise);
    }
}

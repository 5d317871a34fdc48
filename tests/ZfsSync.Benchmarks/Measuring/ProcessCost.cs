using System.Globalization;

namespace ZfsSync.Benchmarks.Measuring;

/// <summary>What a process has used so far, from Linux's <c>/proc</c>.</summary>
/// <param name="Cpu">User and system time of all its threads.</param>
/// <param name="ResidentBytes">What of it is in memory now.</param>
/// <param name="PeakBytes">The most that was ever in memory.</param>
/// <param name="HeapBytes">What of it is its own: not files that are mapped, nor programs that are shared.</param>
internal sealed record ProcessCost(TimeSpan Cpu, long ResidentBytes, long PeakBytes, long HeapBytes)
{
    // USER_HZ, which is 100 on every Linux that runs .NET.
    private const double TicksPerSecond = 100;
    private const int UserTicks = 11;

    public static ProcessCost Of(int processId)
    {
        var stat = File.ReadAllText($"/proc/{processId}/stat");
        // The program's name, in parentheses, may hold spaces.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks =
            long.Parse(fields[UserTicks], CultureInfo.InvariantCulture)
            + long.Parse(fields[UserTicks + 1], CultureInfo.InvariantCulture);
        var status = File.ReadLines($"/proc/{processId}/status")
            .Select(line => line.Split(':', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
        return new ProcessCost(
            TimeSpan.FromSeconds(ticks / TicksPerSecond),
            Bytes(status["VmRSS"]),
            Bytes(status["VmHWM"]),
            Bytes(status["RssAnon"])
        );
    }

    private static long Bytes(string kilobytes) =>
        long.Parse(kilobytes.Trim().Split(' ')[0], CultureInfo.InvariantCulture) * 1024;
}

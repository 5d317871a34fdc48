using System.Globalization;

namespace ZfsSync.Benchmarks.Measuring;

/// <summary>What the figures were measured on, and how busy it was.</summary>
internal static class Machine
{
    public static string Describe()
    {
        var memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return $"{Processor()}, {Environment.ProcessorCount} cores, {memory / 1e9:0} GB, {Kernel()}, "
            + $".NET {Environment.Version}, load {Load().ToString("0.0", CultureInfo.InvariantCulture)} at the start";
    }

    private static double Load() =>
        double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0], CultureInfo.InvariantCulture);

    private static string Processor() =>
        File.ReadLines("/proc/cpuinfo")
            .FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))
            ?.Split(':', 2)[1]
            .Trim()
        ?? "unknown processor";

    private static string Kernel() => "Linux " + File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
}

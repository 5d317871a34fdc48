namespace ZfsSync.Benchmarks.Measuring;

/// <summary>Numbers as people read them, and how they stand to a target.</summary>
internal static class Figure
{
    public static string Count(double number) =>
        number switch
        {
            >= 10_000_000 => $"{number / 1e6:0.0} million",
            >= 1_000_000 => $"{number / 1e6:0.00} million",
            >= 1000 => $"{number:#,##0}",
            _ => $"{number:0.#}",
        };

    public static string Time(TimeSpan time) =>
        time.TotalSeconds >= 1 ? $"{time.TotalSeconds:0.0} s" : $"{time.TotalMilliseconds:0.0} ms";

    public static string Megabytes(long bytes) => $"{bytes / 1e6:0} MB";

    public static string Ratio(double ratio) => $"{ratio:0.00}x";

    public static string Percent(double share) => $"{share * 100:0.0} %";

    public static string Verdict(bool isMet) => isMet ? "met" : "missed";
}

using ZfsSync.Core.Display;

namespace ZfsSync.Cli.Output;

/// <summary>Sizes, ages and counts for people.</summary>
internal static class Amounts
{
    public static string Bytes(ulong? bytes) => bytes is { } known ? DataSize.InWords(known) : "-";

    public static string Bytes(long bytes) => DataSize.InWords((ulong)Math.Max(0, bytes));

    /// <summary>An expectation: <c>about 1.5 GiB</c>.</summary>
    public static string About(ulong? bytes) =>
        bytes is { } known ? $"about {DataSize.InWords(known)}" : "unknown size";

    public static string Seconds(long? seconds) =>
        seconds is { } known ? Duration.InWords(TimeSpan.FromSeconds(known)) : "-";

    /// <summary><c>5 min ago</c>, or <c>never</c>.</summary>
    public static string Ago(DateTimeOffset? instant, DateTimeOffset now) =>
        instant is { } known ? $"{Duration.InWords(now - known)} ago" : "never";

    /// <summary><c>1 host</c>, <c>2 hosts</c>.</summary>
    public static string Count(int number, string one, string? many = null) =>
        $"{number} {(number == 1 ? one : many ?? one + "s")}";

    /// <summary>An instant in UTC, sortable.</summary>
    public static string Instant(DateTimeOffset? instant) =>
        instant is { } known ? known.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'") : "-";
}

namespace ZfsSync.Core.Replication;

/// <summary>How long to wait after failures in a row: 30 seconds after the first, twice as long after each further one, at most an hour.</summary>
public static class BackOff
{
    /// <summary>The wait after the first failure.</summary>
    public static readonly TimeSpan First = TimeSpan.FromSeconds(30);

    /// <summary>The longest wait.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>The wait after <paramref name="failures"/> failures in a row; zero after none.</summary>
    public static TimeSpan After(int failures) =>
        failures <= 0 ? TimeSpan.Zero
        : failures > 7 ? Longest
        : TimeSpan.FromTicks(First.Ticks << (failures - 1)) is var wait && wait < Longest ? wait
        : Longest;
}

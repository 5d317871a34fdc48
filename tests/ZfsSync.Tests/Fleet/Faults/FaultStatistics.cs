namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>What was done to fleets, counted.</summary>
internal sealed class FaultStatistics
{
    /// <summary>Commands, pieces of streams and requests of agents.</summary>
    public long Steps { get; set; }

    public long Stories { get; set; }

    public SortedDictionary<FaultKind, long> Events { get; } = [];

    /// <summary>How edges ended, by state and reason.</summary>
    public SortedDictionary<string, long> Ends { get; } = new(StringComparer.Ordinal);

    public void Count(FaultKind kind) => Events[kind] = Events.GetValueOrDefault(kind) + 1;

    public void CountEnd(string end) => Ends[end] = Ends.GetValueOrDefault(end) + 1;

    public void Add(FaultStatistics other)
    {
        Steps += other.Steps;
        Stories += other.Stories;
        foreach (var (kind, count) in other.Events)
            Events[kind] = Events.GetValueOrDefault(kind) + count;
        foreach (var (end, count) in other.Ends)
            Ends[end] = Ends.GetValueOrDefault(end) + count;
    }
}

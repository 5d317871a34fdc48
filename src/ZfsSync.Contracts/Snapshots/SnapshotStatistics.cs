namespace ZfsSync.Contracts.Snapshots;

/// <summary>The answer of <c>GET /snapshots/statistics</c>.</summary>
public sealed record SnapshotStatistics
{
    /// <summary>The host asked for; absent for all.</summary>
    public Guid? SystemId { get; init; }

    /// <summary>The days looked back; absent for all time.</summary>
    public int? PeriodDays { get; init; }

    /// <summary>How many snapshots.</summary>
    public long TotalSnapshots { get; init; }

    /// <summary>Their sizes together.</summary>
    public long TotalSize { get; init; }

    /// <summary>The mean of their sizes.</summary>
    public double AverageSize { get; init; }

    /// <summary>Per pool, how many.</summary>
    public IReadOnlyDictionary<string, long> Pools { get; set; } = new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>Per dataset, how many.</summary>
    public IReadOnlyDictionary<string, long> Datasets { get; set; } =
        new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>The creation of the oldest.</summary>
    public DateTimeOffset? OldestSnapshot { get; init; }

    /// <summary>The creation of the newest.</summary>
    public DateTimeOffset? NewestSnapshot { get; init; }

    /// <summary>Per host and dataset.</summary>
    public IReadOnlyList<DatasetStatistics> PerDataset { get; set; } = [];
}

namespace ZfsSync.Contracts.Snapshots;

/// <summary>The snapshots of one dataset in numbers.</summary>
public sealed record DatasetStatistics
{
    /// <summary>The host.</summary>
    public required Guid SystemId { get; init; }

    /// <summary>The full name of the dataset.</summary>
    public required string Dataset { get; init; }

    /// <summary>How many snapshots.</summary>
    public long Count { get; init; }

    /// <summary>Their sizes together: what was submitted as size, else what only they hold on to.</summary>
    public long SizeBytes { get; init; }

    /// <summary>The creation of the oldest.</summary>
    public DateTimeOffset? First { get; init; }

    /// <summary>The creation of the newest.</summary>
    public DateTimeOffset? Last { get; init; }

    /// <summary>By how many bytes the newest reaches more data than the oldest; absent when not reported.</summary>
    public long? GrowthBytes { get; init; }
}

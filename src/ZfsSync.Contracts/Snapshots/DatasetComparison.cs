namespace ZfsSync.Contracts.Snapshots;

/// <summary>The answer of <c>GET /snapshots/compare-dataset</c>: one dataset on several hosts, matched by guid (by name and second where a host has none).</summary>
public sealed record DatasetComparison
{
    /// <summary>The dataset asked for.</summary>
    public required string Dataset { get; init; }

    /// <summary>Names that every host has as the same snapshot.</summary>
    public IReadOnlyList<string> CommonSnapshots { get; set; } = [];

    /// <summary>Per host, names that only it has.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> UniqueSnapshots { get; set; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Per host, names that another host has and it lacks.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> MissingSnapshots { get; set; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);

    /// <summary>Per host, the newest snapshot.</summary>
    public IReadOnlyDictionary<string, SnapshotResource> LatestSnapshots { get; set; } =
        new Dictionary<string, SnapshotResource>(StringComparer.Ordinal);

    /// <summary>The instant.</summary>
    public DateTimeOffset ComparisonTimestamp { get; init; }
}

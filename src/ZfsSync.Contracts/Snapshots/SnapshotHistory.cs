namespace ZfsSync.Contracts.Snapshots;

/// <summary>The answer of <c>GET /snapshots/history</c>.</summary>
/// <param name="History">Snapshots, newest first.</param>
/// <param name="Count">How many there are in this answer.</param>
/// <param name="Datasets">Per host and dataset, over the whole period.</param>
public sealed record SnapshotHistory(
    IReadOnlyList<SnapshotResource> History,
    int Count,
    IReadOnlyList<DatasetStatistics> Datasets
);

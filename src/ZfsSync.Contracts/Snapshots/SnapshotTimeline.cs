namespace ZfsSync.Contracts.Snapshots;

/// <summary>The answer of <c>GET /snapshots/timeline</c>.</summary>
/// <param name="Pool">The pool asked for; absent when any.</param>
/// <param name="Dataset">The dataset asked for.</param>
/// <param name="Snapshots">The snapshots on all the hosts, oldest first.</param>
/// <param name="TotalCount">How many.</param>
/// <param name="Systems">The hosts asked for.</param>
public sealed record SnapshotTimeline(
    string? Pool,
    string Dataset,
    IReadOnlyList<SnapshotResource> Snapshots,
    int TotalCount,
    IReadOnlyList<Guid> Systems
);

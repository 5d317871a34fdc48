namespace ZfsSync.Contracts.Snapshots;

/// <summary>The answer of <c>GET /snapshots/gaps</c>.</summary>
/// <param name="Gaps">What is missing where, in order of creation.</param>
/// <param name="Count">How many.</param>
public sealed record SnapshotGaps(IReadOnlyList<SnapshotGap> Gaps, int Count);

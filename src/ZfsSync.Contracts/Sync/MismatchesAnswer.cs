namespace ZfsSync.Contracts.Sync;

/// <summary>The answer of <c>GET /sync/groups/{id}/mismatches</c>.</summary>
/// <param name="Mismatches">One per edge whose target lacks something.</param>
/// <param name="Count">Their number.</param>
public sealed record MismatchesAnswer(IReadOnlyList<SyncMismatch> Mismatches, int Count);

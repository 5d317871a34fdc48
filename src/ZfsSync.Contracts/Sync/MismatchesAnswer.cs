namespace ZfsSync.Contracts.Sync;

/// <summary>The answer of <c>GET /sync/groups/{id}/mismatches</c>, in pages.</summary>
/// <param name="Mismatches">One per edge whose target lacks something: those of the page.</param>
/// <param name="Count">How many there are on all pages.</param>
public sealed record MismatchesAnswer(IReadOnlyList<SyncMismatch> Mismatches, int Count);

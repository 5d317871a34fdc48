using ZfsSync.Contracts.Edges;

namespace ZfsSync.Witness.Features.Sync;

/// <summary>What a script last claimed of an edge.</summary>
internal sealed record ClaimedState(EdgeState Status, string? ErrorMessage, DateTimeOffset ClaimedAt);

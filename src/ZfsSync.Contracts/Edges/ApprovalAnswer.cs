namespace ZfsSync.Contracts.Edges;

/// <summary>The answer to an approval.</summary>
/// <param name="EdgeId">The edge.</param>
/// <param name="ExpiresAt">From then on it is void.</param>
public sealed record ApprovalAnswer(string EdgeId, DateTimeOffset ExpiresAt);

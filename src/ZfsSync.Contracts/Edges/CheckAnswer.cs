namespace ZfsSync.Contracts.Edges;

/// <summary>The answer of <c>POST /sync/{group}/check</c>: what was decided just now.</summary>
/// <param name="SyncGroupId">The group.</param>
/// <param name="CheckedAt">The instant.</param>
/// <param name="Edges">Every edge of the group.</param>
public sealed record CheckAnswer(Guid SyncGroupId, DateTimeOffset CheckedAt, IReadOnlyList<EdgeResource> Edges);

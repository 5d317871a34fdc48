namespace ZfsSync.Contracts.Edges;

/// <summary>One side of an edge.</summary>
/// <param name="SystemId">The host.</param>
/// <param name="Hostname">Its name.</param>
/// <param name="Dataset">The full name of the dataset there.</param>
public sealed record EdgeSide(Guid SystemId, string Hostname, string Dataset);

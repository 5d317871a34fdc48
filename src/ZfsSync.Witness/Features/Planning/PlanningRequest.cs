namespace ZfsSync.Witness.Features.Planning;

/// <summary>What to plan again.</summary>
/// <param name="GroupId">The group.</param>
/// <param name="LogicalDatasets">Which of its logical datasets.</param>
/// <param name="Only">The hosts whose edges are concerned; null for all.</param>
internal sealed record PlanningRequest(
    Guid GroupId,
    IReadOnlyCollection<string> LogicalDatasets,
    IReadOnlySet<Guid>? Only
);

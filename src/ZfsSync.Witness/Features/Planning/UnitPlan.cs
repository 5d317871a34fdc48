namespace ZfsSync.Witness.Features.Planning;

/// <summary>The result for one logical dataset of one group.</summary>
/// <param name="Edges">Every edge that exists now.</param>
/// <param name="Gone">Ids of stored edges that exist no more.</param>
internal sealed record UnitPlan(IReadOnlyList<EdgePlan> Edges, IReadOnlyList<string> Gone);

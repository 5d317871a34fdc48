namespace ZfsSync.Core.Topology;

/// <summary>One target of a mesh.</summary>
/// <param name="Offers">From whom it could get something, in the order of the group's members.</param>
public sealed record MeshTarget(IReadOnlyList<MeshOffer> Offers)
{
    /// <summary>The host that it has its source in already, whatever is offered: a transfer runs, or nothing is missing. Null when it is free to choose.</summary>
    public int? Settled { get; init; }
}

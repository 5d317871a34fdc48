using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Topology;

/// <summary>What one host of a mesh could send to one target now.</summary>
/// <param name="Giver">The host that would send, as a number that is the same wherever it gives.</param>
/// <param name="End">The snapshot that the target would end with; null when nothing would arrive (a repair).</param>
/// <param name="Arriving">How many snapshots would arrive.</param>
public sealed record MeshOffer(int Giver, Snapshot? End, int Arriving)
{
    /// <summary>The giver's whole history, oldest first; says which of two ends is the later one.</summary>
    public required IReadOnlyList<Snapshot> History { get; init; }

    /// <summary>Whether giver and target are one host, so that nothing crosses the network.</summary>
    public bool IsSameHost { get; init; }
}

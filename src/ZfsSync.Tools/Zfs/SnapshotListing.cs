using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>Snapshots by dataset, oldest first by createtxg.</summary>
/// <param name="ByDataset">A dataset without snapshots has no entry.</param>
/// <param name="Missing">Datasets that were asked for and do not exist (any more).</param>
/// <param name="Unreadable">Names that our rules do not accept.</param>
public sealed record SnapshotListing(
    IReadOnlyDictionary<DatasetName, IReadOnlyList<Snapshot>> ByDataset,
    IReadOnlyList<DatasetName> Missing,
    IReadOnlyList<string> Unreadable
)
{
    /// <summary>The snapshots of one dataset, oldest first; empty when it has none.</summary>
    public IReadOnlyList<Snapshot> Of(DatasetName dataset) => ByDataset.GetValueOrDefault(dataset) ?? [];
}

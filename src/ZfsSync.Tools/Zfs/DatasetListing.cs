using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>Datasets as a host lists them, parents before children.</summary>
/// <param name="Datasets">Without their snapshots and bookmarks.</param>
/// <param name="Unreadable">Names that our rules do not accept (longer than 255 bytes, for instance); never dropped in silence.</param>
public sealed record DatasetListing(IReadOnlyList<DatasetInventory> Datasets, IReadOnlyList<string> Unreadable)
{
    /// <summary>
    /// When each list of snapshots last changed, in whole seconds. A dataset without an entry never had one, or was not asked.
    /// Taking, destroying and receiving snapshots moves it; renaming them, bookmarks and holds do not.
    /// </summary>
    public IReadOnlyDictionary<DatasetName, DateTimeOffset> SnapshotsChangedAt { get; init; } =
        new Dictionary<DatasetName, DateTimeOffset>();
}

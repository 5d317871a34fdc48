using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>Bookmarks by dataset, oldest first by createtxg.</summary>
/// <param name="ByDataset">A dataset without bookmarks has no entry.</param>
/// <param name="Missing">Datasets that were asked for and do not exist (any more).</param>
/// <param name="Unreadable">Names that our rules do not accept.</param>
public sealed record BookmarkListing(
    IReadOnlyDictionary<DatasetName, IReadOnlyList<Bookmark>> ByDataset,
    IReadOnlyList<DatasetName> Missing,
    IReadOnlyList<string> Unreadable
)
{
    /// <summary>The bookmarks of one dataset, oldest first; empty when it has none.</summary>
    public IReadOnlyList<Bookmark> Of(DatasetName dataset) => ByDataset.GetValueOrDefault(dataset) ?? [];
}

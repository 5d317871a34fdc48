using ZfsSync.Core.Snapshots;

namespace ZfsSync.Agent.Execution;

/// <summary>The source's lists, as just read. Oldest first.</summary>
internal sealed record SourceLists(
    DatasetName Dataset,
    IReadOnlyList<Snapshot> Snapshots,
    IReadOnlyList<Bookmark> Bookmarks
)
{
    public Snapshot? Snapshot(SnapshotGuid? guid) =>
        guid is null ? null : Snapshots.FirstOrDefault(snapshot => snapshot.Guid == guid);

    public Bookmark? Bookmark(SnapshotGuid? guid) =>
        guid is null ? null : Bookmarks.FirstOrDefault(bookmark => bookmark.Guid == guid);

    public SnapshotName NameOf(Snapshot snapshot) => SnapshotName.Of(Dataset, snapshot.Label);
}

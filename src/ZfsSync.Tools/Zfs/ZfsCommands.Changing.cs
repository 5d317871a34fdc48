using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Zfs;

public static partial class ZfsCommands
{
    /// <summary><c>zfs snapshot a@x b@y …</c>: all at once, in one transaction group. One pool only.</summary>
    public static Command Snapshot(IReadOnlyList<string> snapshots) => Zfs(["snapshot", .. snapshots]);

    /// <summary><c>zfs bookmark</c>: remembers a snapshot's (or bookmark's) point in history.</summary>
    public static Command Bookmark(SnapshotName from, SnapshotName bookmark) =>
        Zfs("bookmark", from.ToString(), bookmark.ToString());

    /// <summary><c>zfs destroy fs@a,b,c</c>: exactly these snapshots, no clones, nothing recursive; all or none.</summary>
    public static Command DestroySnapshots(DatasetName dataset, IReadOnlyList<string> labels) =>
        Zfs("destroy", $"{dataset}@{string.Join(',', labels)}");

    /// <summary><c>zfs destroy fs#b</c>: one bookmark; zfs takes no list of them.</summary>
    public static Command DestroyBookmark(SnapshotName bookmark) => Zfs("destroy", Checked(bookmark, isBookmark: true));

    /// <summary><c>zfs destroy [-r] fs</c>: a dataset; with <paramref name="withSnapshots"/> its snapshots and everything below it.</summary>
    public static Command DestroyDataset(DatasetName dataset, bool withSnapshots) =>
        withSnapshots ? Zfs("destroy", "-r", dataset.Value) : Zfs("destroy", dataset.Value);

    /// <summary><c>zfs hold TAG snapshot …</c>.</summary>
    public static Command Hold(string tag, IReadOnlyList<string> snapshots) => Zfs(["hold", tag, .. snapshots]);

    /// <summary><c>zfs release TAG snapshot …</c>.</summary>
    public static Command Release(string tag, IReadOnlyList<string> snapshots) => Zfs(["release", tag, .. snapshots]);

    /// <summary>
    /// <c>zfs create</c> of an empty parent that is never mounted. Mount point and encryption stay inherited: a
    /// placeholder must not change what its children would have had without it.
    /// </summary>
    public static Command CreatePlaceholder(DatasetName dataset) =>
        Zfs("create", "-o", "canmount=off", "-o", $"{PlaceholderProperty}=on", dataset.Value);

    /// <summary><c>zfs rename from to</c>, within one pool.</summary>
    public static Command Rename(DatasetName from, DatasetName to) => Zfs("rename", from.Value, to.Value);

    /// <summary><c>zfs rename fs@from fs@to</c>.</summary>
    public static Command RenameSnapshot(SnapshotName from, SnapshotName to) =>
        Zfs("rename", from.ToString(), to.ToString());

    /// <summary>
    /// <c>zfs rollback [-r] fs@s</c>. Destroys what was written since; with <paramref name="destroyNewer"/> also all newer
    /// snapshots and bookmarks. zfs refuses without it when there are any.
    /// </summary>
    public static Command Rollback(SnapshotName to, bool destroyNewer)
    {
        var name = Checked(to, isBookmark: false);
        return destroyNewer ? Zfs("rollback", "-r", name) : Zfs("rollback", name);
    }

    /// <summary><c>zfs set name=value dataset</c>.</summary>
    public static Command Set(DatasetName dataset, string property, string value) =>
        Zfs("set", $"{property}={value}", dataset.Value);

    /// <summary><c>zfs inherit name dataset</c>: forgets a local value.</summary>
    public static Command Inherit(DatasetName dataset, string property) => Zfs("inherit", property, dataset.Value);

    private static string Checked(SnapshotName name, bool isBookmark) =>
        name.IsBookmark == isBookmark
            ? name.ToString()
            : throw new ArgumentException($"{name} is not a {(isBookmark ? "bookmark" : "snapshot")}.", nameof(name));
}

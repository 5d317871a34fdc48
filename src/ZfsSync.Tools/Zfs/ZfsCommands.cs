using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Zfs;

/// <summary>
/// Every command line of zfs and zpool that we use: values, nothing runs here. What <see cref="ZfsHost"/> does is these
/// commands, and the simulated ZFS understands these and no others. This part reads; the others change and stream.
/// </summary>
public static partial class ZfsCommands
{
    /// <summary>The user property that marks our placeholders. It is inherited by children, so only a local value counts.</summary>
    public const string PlaceholderProperty = "zfs-sync:placeholder";

    /// <summary>The columns of <see cref="Watch"/> on every release; 2.2 adds <c>snapshots_changed</c> at the end.</summary>
    public const string WatchColumns = "name,guid,written,receive_resume_token";

    /// <summary>The properties of <see cref="Datasets"/>.</summary>
    public const string DatasetProperties =
        "type,guid,encryptionroot,keystatus,origin,receive_resume_token,written,used,referenced,available,"
        + PlaceholderProperty;

    /// <summary>When a dataset's list of snapshots last changed (2.2).</summary>
    public const string SnapshotsChangedProperty = "snapshots_changed";

    /// <summary>The columns of a listing that identify a snapshot or bookmark.</summary>
    public const string IdentityColumns = "name,guid,createtxg";

    /// <summary>The columns of <see cref="SnapshotDetail.Full"/>.</summary>
    public const string FullColumns = IdentityColumns + ",creation,used,referenced,written,userrefs";

    private const string Live = "filesystem,volume";

    /// <summary><c>zfs version</c>: program, then module, one a line.</summary>
    public static Command Version() => Zfs("version");

    /// <summary><c>zpool list -Hp</c>: the imported pools.</summary>
    public static Command Pools() => new("zpool", "list", "-Hp", "-o", "name,guid,size,allocated,free,health");

    /// <summary>
    /// <c>zfs get</c> of what a <see cref="DatasetInventory"/> holds, for the datasets at or below <paramref name="roots"/>;
    /// without roots for all pools. <c>get</c>, because <c>list</c> does not tell a local placeholder mark from an inherited one.
    /// </summary>
    public static Command Datasets(params IReadOnlyList<DatasetName> roots) => DatasetsWith(DatasetProperties, roots);

    /// <summary><see cref="Datasets"/> with <c>snapshots_changed</c> where the release has it: all that a survey asks about datasets.</summary>
    public static Command Survey(ZfsFeatures features, IReadOnlyList<DatasetName> roots) =>
        DatasetsWith(
            features.HasSnapshotsChanged ? $"{DatasetProperties},{SnapshotsChangedProperty}" : DatasetProperties,
            roots
        );

    /// <summary>
    /// <c>zfs list</c> of all datasets with the few columns of a <see cref="DatasetWatch"/>: with <see cref="Pools"/> all that
    /// an unchanged host costs.
    /// </summary>
    public static Command Watch(ZfsFeatures features) =>
        Zfs(
            "list",
            "-Hp",
            "-t",
            Live,
            "-o",
            features.HasSnapshotsChanged ? WatchColumns + ",snapshots_changed" : WatchColumns
        );

    /// <summary>
    /// <c>zfs list -t snapshot -o name -s name</c>: the one listing that is cheap before 2.2. Tells that something
    /// changed, not what: names are no identity.
    /// </summary>
    public static Command SnapshotNames() => Zfs("list", "-H", "-t", "snapshot", "-o", "name", "-s", "name");

    /// <summary><see cref="SnapshotNames"/> and those of bookmarks, in one process.</summary>
    public static Command Names() => Zfs("list", "-H", "-t", "snapshot,bookmark", "-o", "name", "-s", "name");

    /// <summary>All snapshots of all pools, cheap columns.</summary>
    public static Command AllSnapshots(ZfsFeatures features) =>
        Zfs("list", "-Hp", "-t", "snapshot", "-o", IdentityColumns, "-s", CheapSort(features));

    /// <summary>The snapshots of these datasets, not of those below them.</summary>
    public static Command Snapshots(ZfsFeatures features, SnapshotDetail detail, IReadOnlyList<string> datasets) =>
        Zfs([
            "list",
            "-Hp",
            "-d",
            "1",
            "-t",
            "snapshot",
            "-o",
            detail == SnapshotDetail.Full ? FullColumns : IdentityColumns,
            "-s",
            CheapSort(features),
            .. datasets,
        ]);

    /// <summary>Named snapshots with <see cref="FullColumns"/>.</summary>
    public static Command SnapshotFacts(IReadOnlyList<string> snapshots) =>
        Zfs(["list", "-Hp", "-t", "snapshot", "-o", FullColumns, .. snapshots]);

    /// <summary>All bookmarks of all pools.</summary>
    public static Command AllBookmarks() => Zfs("list", "-Hp", "-t", "bookmark", "-o", IdentityColumns);

    /// <summary>The bookmarks of these datasets, not of those below them.</summary>
    public static Command Bookmarks(IReadOnlyList<string> datasets) =>
        Zfs(["list", "-Hp", "-d", "1", "-t", "bookmark", "-o", IdentityColumns, .. datasets]);

    /// <summary>Snapshots and bookmarks of these datasets, not of those below them, in one process.</summary>
    public static Command Lists(ZfsFeatures features, IReadOnlyList<string> datasets) =>
        Zfs([
            "list",
            "-Hp",
            "-d",
            "1",
            "-t",
            "snapshot,bookmark",
            "-o",
            IdentityColumns,
            "-s",
            CheapSort(features),
            .. datasets,
        ]);

    /// <summary><c>zfs holds</c>: slow for many snapshots (openzfs#13372), so ask only where <c>userrefs</c> is not 0.</summary>
    public static Command Holds(ZfsFeatures features, IReadOnlyList<string> snapshots) =>
        Zfs(["holds", features.HasParsableHolds ? "-Hp" : "-H", .. snapshots]);

    /// <summary><c>zfs get -Hp</c> of some properties of some datasets or snapshots.</summary>
    public static Command Get(IReadOnlyList<string> properties, IReadOnlyList<string> objects) =>
        Zfs(["get", "-Hp", "-o", "name,property,value,source", string.Join(',', properties), .. objects]);

    /// <summary>
    /// <c>zfs userspace</c>: how many files and directories each user has in a filesystem, mounted or not. Sizes do not tell
    /// them: a small file may take no room of its own.
    /// </summary>
    public static Command Objects(DatasetName filesystem) =>
        Zfs("userspace", "-Hpn", "-o", "objused", filesystem.Value);

    /// <summary>Where a filesystem and those directly below it are mounted.</summary>
    public static Command Mounts(DatasetName filesystem) =>
        Zfs("list", "-H", "-d", "1", "-t", "filesystem", "-o", "name,mounted,mountpoint", filesystem.Value);

    /// <summary>The hidden dataset that a receive fills beside the one that is there; one that made the dataset has none.</summary>
    public static Command PartialBeside(DatasetName dataset) => Zfs("list", "-H", "-o", "name", $"{dataset}/%recv");

    /// <summary><c>zfs allow DATASET</c>: who may do what there.</summary>
    public static Command Permissions(DatasetName dataset) => Zfs("allow", dataset.Value);

    private static Command DatasetsWith(string properties, IReadOnlyList<DatasetName> roots) =>
        Zfs([
            "get",
            "-Hp",
            .. roots.Count == 0 ? (string[])[] : ["-r"],
            "-t",
            Live,
            "-o",
            "name,property,value,source",
            properties,
            .. roots.Select(root => root.Value),
        ]);

    /// <summary>Sorting by anything else leaves the cheap path of the release.</summary>
    private static string CheapSort(ZfsFeatures features) => features.HasCheapSnapshotList ? "createtxg" : "name";

    private static Command Zfs(params IReadOnlyList<string> arguments) => new("zfs", arguments);
}

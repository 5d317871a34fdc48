using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Zfs;

public sealed partial class ZfsHost
{
    /// <summary>All snapshots of all pools, identity only, in one process.</summary>
    public async Task<SnapshotListing> ListAllSnapshotsAsync(ZfsFeatures features, CancellationToken cancellation)
    {
        var rows = new SnapshotParser();
        await StreamAsync(ZfsCommands.AllSnapshots(features), rows.Add, cancellation);
        return rows.ToListing([]);
    }

    /// <summary>The snapshots of some datasets, not of those below them. Datasets that are gone are named in the listing.</summary>
    public async Task<SnapshotListing> ListSnapshotsAsync(
        ZfsFeatures features,
        SnapshotDetail detail,
        IReadOnlyCollection<DatasetName> datasets,
        CancellationToken cancellation
    )
    {
        var rows = new SnapshotParser();
        var missing = new List<string>();
        foreach (var batch in ArgumentBatches.Of(datasets.Select(dataset => dataset.Value)))
            missing.AddRange(
                await StreamExistingAsync(ZfsCommands.Snapshots(features, detail, batch), rows.Add, cancellation)
            );
        return rows.ToListing(missing);
    }

    /// <summary>
    /// Creation, used, referenced, written and userrefs of named snapshots. Opens each, so ask only for new ones. Snapshots that are gone are left out.
    /// </summary>
    public async Task<SnapshotListing> ListSnapshotFactsAsync(
        IReadOnlyCollection<SnapshotName> snapshots,
        CancellationToken cancellation
    )
    {
        var rows = new SnapshotParser();
        foreach (var batch in ArgumentBatches.Of(snapshots.Select(snapshot => snapshot.ToString())))
            await StreamExistingAsync(ZfsCommands.SnapshotFacts(batch), rows.Add, cancellation);
        return rows.ToListing([]);
    }

    /// <summary>All bookmarks of all pools, in one process. Nothing else tells that bookmarks changed.</summary>
    public async Task<BookmarkListing> ListAllBookmarksAsync(CancellationToken cancellation)
    {
        var rows = new BookmarkParser();
        await StreamAsync(ZfsCommands.AllBookmarks(), rows.Add, cancellation);
        return rows.ToListing([]);
    }

    /// <summary>The bookmarks of some datasets, not of those below them. Datasets that are gone are named in the listing.</summary>
    public async Task<BookmarkListing> ListBookmarksAsync(
        IReadOnlyCollection<DatasetName> datasets,
        CancellationToken cancellation
    )
    {
        var rows = new BookmarkParser();
        var missing = new List<string>();
        foreach (var batch in ArgumentBatches.Of(datasets.Select(dataset => dataset.Value)))
            missing.AddRange(await StreamExistingAsync(ZfsCommands.Bookmarks(batch), rows.Add, cancellation));
        return rows.ToListing(missing);
    }

    /// <summary>
    /// The snapshots, identity only, and the bookmarks of some datasets, not of those below them: one process where the two
    /// listings take one each. Datasets that are gone are named in both listings.
    /// </summary>
    public async Task<(SnapshotListing Snapshots, BookmarkListing Bookmarks)> ListListsAsync(
        ZfsFeatures features,
        IReadOnlyCollection<DatasetName> datasets,
        CancellationToken cancellation
    )
    {
        var snapshots = new SnapshotParser();
        var bookmarks = new BookmarkParser();
        var missing = new List<string>();
        foreach (var batch in ArgumentBatches.Of(datasets.Select(dataset => dataset.Value)))
            missing.AddRange(await StreamExistingAsync(ZfsCommands.Lists(features, batch), Add, cancellation));
        return (snapshots.ToListing(missing), bookmarks.ToListing(missing));

        void Add(string line)
        {
            // Neither sign is allowed in a name.
            if (line.AsSpan().IndexOfAny('@', '#') is var sign and >= 0 && line[sign] == '#')
                bookmarks.Add(line);
            else
                snapshots.Add(line);
        }
    }

    /// <summary>The holds of some snapshots; those that are gone are left out. Slow for many: ask where <see cref="Snapshot.Holds"/> is not 0.</summary>
    public async Task<IReadOnlyList<SnapshotHold>> ListHoldsAsync(
        ZfsFeatures features,
        IReadOnlyCollection<SnapshotName> snapshots,
        CancellationToken cancellation
    )
    {
        var holds = new List<SnapshotHold>();
        foreach (var batch in ArgumentBatches.Of(snapshots.Select(snapshot => snapshot.ToString())))
        {
            var command = ZfsCommands.Holds(features, batch);
            var (output, _) = await OutputOfExistingAsync(command, cancellation);
            holds.AddRange(Parsed(command, HoldParser.Parse, output));
        }
        return holds;
    }

    /// <summary>
    /// Takes snapshots, atomic per pool: all of a pool's in one transaction group, or none. One command per pool (more
    /// only when the names exceed <see cref="ArgumentBatches.MaxBytes"/>, about a thousand snapshots).
    /// </summary>
    /// <exception cref="ToolException"><see cref="ToolErrorKind.Exists"/>: one of them exists already, and none of its pool was taken.</exception>
    /// <exception cref="ArgumentException">Two are of the same dataset; zfs refuses that in one transaction group.</exception>
    public async Task TakeSnapshotsAsync(IReadOnlyCollection<SnapshotName> snapshots, CancellationToken cancellation)
    {
        if (
            snapshots.CountBy(snapshot => snapshot.Dataset).FirstOrDefault(dataset => dataset.Value > 1).Key is
            { } twice
        )
            throw new ArgumentException($"Two snapshots of {twice} cannot be taken at once.", nameof(snapshots));
        foreach (var pool in snapshots.GroupBy(snapshot => snapshot.Dataset.Pool))
        {
            foreach (var batch in ArgumentBatches.Of(pool.Select(snapshot => snapshot.ToString())))
                await OutputAsync(ZfsCommands.Snapshot(batch), cancellation);
        }
    }

    /// <summary>Makes a bookmark of a snapshot (or of another bookmark) in the same dataset.</summary>
    /// <exception cref="ToolException"><see cref="ToolErrorKind.Exists"/>: the name is taken, maybe by another guid.</exception>
    public Task BookmarkAsync(SnapshotName from, string label, CancellationToken cancellation) =>
        OutputAsync(ZfsCommands.Bookmark(from, SnapshotName.Of(from.Dataset, label, isBookmark: true)), cancellation);

    /// <summary>Destroys bookmarks, one by one. One that is gone already is no error.</summary>
    public async Task DestroyBookmarksAsync(IReadOnlyCollection<SnapshotName> bookmarks, CancellationToken cancellation)
    {
        foreach (var bookmark in bookmarks)
            await OutputOfExistingAsync(ZfsCommands.DestroyBookmark(bookmark), cancellation);
    }
}

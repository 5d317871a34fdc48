using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary>How zfs finds a snapshot or bookmark by its guid: from a dataset outwards.</summary>
internal sealed class NearestByGuid(HostState host, ulong guid, bool takesBookmarks)
{
    /// <summary>What was searched already is known by the last part of its name, and so all of that name are passed over.</summary>
    private string? _seen;

    public static SimSnapshot? Snapshot(HostState host, string path, ulong guid) =>
        (SimSnapshot?)new NearestByGuid(host, guid, takesBookmarks: false).From(path);

    public static SimNode? SnapshotOrBookmark(HostState host, string path, ulong guid) =>
        new NearestByGuid(host, guid, takesBookmarks: true).From(path);

    /// <summary>The dataset need not be there. Null when nothing in the pool has the guid.</summary>
    private SimNode? From(string path)
    {
        while (true)
        {
            var slash = path.LastIndexOf('/');
            if (host.FindDataset(path) is { } top)
            {
                if (Within(top) is { } found)
                    return found;
                _seen = path[(slash + 1)..];
            }
            if (slash < 0)
                return null;
            path = path[..slash];
        }
    }

    private SimNode? Within(SimDataset dataset) =>
        (SimNode?)dataset.Snapshots.Find(snapshot => snapshot.Guid == guid)
        ?? dataset
            .Children.Values.Where(child => child.Name != _seen)
            .Select(Within)
            .FirstOrDefault(found => found is not null)
        ?? (takesBookmarks ? dataset.Bookmarks.Values.FirstOrDefault(bookmark => bookmark.Guid == guid) : null);
}

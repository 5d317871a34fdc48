namespace ZfsSync.Simulation.Model;

/// <summary>
/// A pool as it was: restoring it is what restoring a machine's disk image does, or going back to a pool checkpoint. Clones
/// keep their origin; receives that ran are gone, with what they had not saved.
/// </summary>
internal static class PoolImage
{
    public static SimPool Copy(SimPool pool)
    {
        var copy = new SimPool(pool.Name, pool.Guid, pool.Root.Guid, pool.SizeBytes, pool.Root.Creation)
        {
            Health = pool.Health,
            LastScrub = pool.LastScrub,
        };
        copy.GoOnFrom(pool.Txg);
        var snapshots = new Dictionary<SimSnapshot, SimSnapshot>();
        var pairs = new List<(SimDataset From, SimDataset To)>();
        Fill(pool.Root, copy.Root, snapshots, pairs);
        foreach (var (from, to) in pairs)
        {
            if (from.Origin is null || !snapshots.TryGetValue(from.Origin, out var origin))
                continue;
            to.Origin = origin;
            origin.Clones.Add(to);
        }
        return copy;
    }

    private static void Fill(
        SimDataset from,
        SimDataset to,
        Dictionary<SimSnapshot, SimSnapshot> snapshots,
        List<(SimDataset From, SimDataset To)> pairs
    )
    {
        pairs.Add((from, to));
        to.VolumeBytes = from.VolumeBytes;
        to.Files = from.Files;
        to.ModifiedTxg = from.ModifiedTxg;
        to.SnapshotsChangedMilliseconds = from.SnapshotsChangedMilliseconds;
        to.IsMounted = from.IsMounted;
        to.Partial = from.Partial;
        to.IsInconsistent = from.IsInconsistent;
        to.HasLargeBlocks = from.HasLargeBlocks;
        if (from.Encryption is { } encryption)
            to.Encryption = new SimEncryption
            {
                Suite = encryption.Suite,
                MasterKey = encryption.MasterKey,
                Root = encryption.Root,
            };
        to.Properties.CopyFrom(from.Properties);
        foreach (var bookmark in from.Bookmarks.Values)
            to.Bookmarks.Add(bookmark.Name, bookmark.For(to));
        foreach (var snapshot in from.Snapshots)
            to.Snapshots.Add(snapshots[snapshot] = Copy(snapshot, to));
        foreach (var child in from.Children.Values)
        {
            var made = new SimDataset(to.Pool, to, child.Name)
            {
                Guid = child.Guid,
                CreateTxg = child.CreateTxg,
                Creation = child.Creation,
                IsVolume = child.IsVolume,
            };
            to.Children.Add(child.Name, made);
            Fill(child, made, snapshots, pairs);
        }
    }

    private static SimSnapshot Copy(SimSnapshot from, SimDataset owner)
    {
        var copy = new SimSnapshot(owner, from.Name)
        {
            Guid = from.Guid,
            CreateTxg = from.CreateTxg,
            Creation = from.Creation,
            Files = from.Files,
            VolumeBytes = from.VolumeBytes,
            IvSetGuid = from.IvSetGuid,
            IsDeferredDestroy = from.IsDeferredDestroy,
        };
        copy.Properties.CopyFrom(from.Properties);
        foreach (var (tag, seconds) in from.HoldSecondsByTag)
            copy.HoldSecondsByTag.Add(tag, seconds);
        return copy;
    }
}

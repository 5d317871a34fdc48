namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs rollback</c>: -r takes later snapshots and bookmarks with it.</summary>
internal static class RollbackCommand
{
    public static void Run(ZfsCall call)
    {
        var options = ZfsOptions.Parse("rollback", "rRf", call.Arguments);
        var target = options.Single("rollback", "dataset");
        var snapshot = call.OpenSnapshot(target);
        var dataset = snapshot.Owner;
        var laterSnapshots = dataset.Snapshots.Where(each => each.CreateTxg > snapshot.CreateTxg).ToList();
        var laterBookmarks = dataset.Bookmarks.Values.Where(each => each.CreateTxg > snapshot.CreateTxg).ToList();
        var later = laterSnapshots
            .Select(each => each.FullName)
            .Concat(laterBookmarks.Select(each => each.FullName))
            .ToList();
        if (later.Count > 0 && !options.Has('r') && !options.Has('R'))
        {
            throw new ZfsFailure(
                $"cannot rollback to '{target}': more recent snapshots or bookmarks exist\n"
                    + "use '-r' to force deletion of the following snapshots and bookmarks:\n"
                    + string.Join('\n', later)
            );
        }
        var clones = laterSnapshots.SelectMany(each => each.Clones).ToList();
        if (clones.Count > 0 && !options.Has('R'))
        {
            throw new ZfsFailure(
                $"cannot rollback to '{target}': clones of previous snapshots exist\n"
                    + "use '-R' to force deletion of the following clones and dependents:\n"
                    + string.Join('\n', clones.Select(clone => clone.FullName))
            );
        }
        if (!call.May(dataset, "rollback", "mount") || (later.Count > 0 && !call.May(dataset, "destroy")))
            throw new ZfsFailure($"cannot rollback '{dataset.FullName}': permission denied");
        if (laterSnapshots.Find(each => each.HoldSecondsByTag.Count > 0 || each.Readers > 0) is { } busy)
            throw new ZfsFailure($"cannot destroy '{busy.FullName}': dataset is busy");
        foreach (var clone in clones)
            DestroyCommand.Remove(call.Host, clone);
        laterSnapshots.ForEach(call.Host.Remove);
        laterBookmarks.ForEach(each => dataset.Bookmarks.Remove(each.Name));
        dataset.Files = snapshot.Files;
        dataset.VolumeBytes = snapshot.VolumeBytes;
        dataset.ModifiedTxg = snapshot.CreateTxg;
        dataset.Pool.NextTxg();
    }
}

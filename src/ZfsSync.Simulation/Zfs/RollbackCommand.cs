using ZfsSync.Simulation.Model;

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
        var dependents = laterSnapshots.SelectMany(DependentWalk.NamesBelow).ToList();
        if (dependents.Count > 0 && !options.Has('R'))
        {
            throw new ZfsFailure(
                $"cannot rollback to '{target}': clones of previous snapshots exist\n"
                    + "use '-R' to force deletion of the following clones and dependents:\n"
                    + string.Join('\n', dependents)
            );
        }
        if (!call.May(dataset, "rollback", "mount") || (later.Count > 0 && !call.May(dataset, "destroy")))
            throw new ZfsFailure($"cannot rollback '{dataset.FullName}': permission denied");
        laterSnapshots.ForEach(each => Destroy(call, each));
        laterBookmarks.ForEach(each => dataset.Bookmarks.Remove(each.Name));
        if (call.ExitCode != 0)
            return;
        dataset.Files = snapshot.Files;
        dataset.VolumeBytes = snapshot.VolumeBytes;
        dataset.ModifiedTxg = snapshot.CreateTxg;
        dataset.Pool.NextTxg();
    }

    /// <summary>One by one: those that can go are gone even if others cannot.</summary>
    private static void Destroy(ZfsCall call, SimSnapshot snapshot)
    {
        try
        {
            new DependentWalk(dependent => DestroyDependent(call, dependent), refusesCycles: true).Below(snapshot);
        }
        catch (ZfsFailure cycle)
        {
            call.Complain(cycle.Message);
        }
        DestroyDependent(call, new Dependent(snapshot));
    }

    private static void DestroyDependent(ZfsCall call, Dependent dependent)
    {
        if (dependent.Node is not SimSnapshot snapshot)
            Destruction.Destroy(call, dependent);
        else if (snapshot.IsBusy)
            call.Complain($"cannot destroy '{snapshot.FullName}': dataset is busy");
        else if (snapshot.IsCloned)
            call.Complain($"cannot destroy '{snapshot.FullName}': dataset already exists");
        else
            call.Host.Remove(snapshot);
    }
}

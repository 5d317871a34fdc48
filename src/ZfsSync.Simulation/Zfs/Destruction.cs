using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary>
/// Destroys datasets in the order of a <see cref="DependentWalk"/>. Snapshots are kept until the next dataset, and go
/// together; where something fails, the rest goes on.
/// </summary>
internal sealed class Destruction(ZfsCall call, ZfsOptions options)
{
    private readonly List<SimSnapshot> _snapshots = [];

    public void Add(Dependent dependent)
    {
        if (options.Has('v') || options.Has('p'))
            call.Print(
                options.Has('p')
                    ? $"destroy\t{dependent.FullName}"
                    : $"{(options.Has('n') ? "would" : "will")} destroy {dependent.FullName}"
            );
        if (options.Has('n') || dependent.Node is SimDataset { Parent: null })
            return;
        if (dependent.Node is SimSnapshot snapshot)
            _snapshots.Add(snapshot);
        else if (DestroySnapshots())
            Destroy(call, dependent);
    }

    /// <summary>Those that were added since the last dataset.</summary>
    public bool DestroySnapshots()
    {
        var snapshots = _snapshots.FindAll(snapshot => snapshot.Owner.Snapshots.Contains(snapshot));
        _snapshots.Clear();
        return Zfs.DestroySnapshots.Together(call, snapshots, isDeferred: false);
    }

    /// <summary>Unmounts and destroys a dataset, or what is left of a receive.</summary>
    public static bool Destroy(ZfsCall call, Dependent dependent)
    {
        var dataset = dependent.Node.Owner;
        if (dependent.IsPartial && dataset.IsReceiving)
            return Fail($"cannot destroy '{dependent.FullName}': dataset is busy");
        if (dependent.IsPartial)
            call.Host.DropPartial(dataset);
        else if (dataset.IsMounted && !call.IsRoot)
            return Fail($"cannot unmount '/{dataset.FullName}': permission denied");
        else if (dataset.IsMounted && dataset.Subtree.Skip(1).Any(below => below.IsMounted))
            return Fail($"cannot unmount '/{dataset.FullName}': pool or dataset is busy");
        else if (!call.May(dataset, "destroy", "mount"))
            return Fail($"cannot destroy '{dataset.FullName}': permission denied");
        else
            return DestroyUnmounted(dataset);
        return true;

        bool DestroyUnmounted(SimDataset unmounted)
        {
            unmounted.IsMounted = false;
            if (unmounted.IsReceiving || unmounted.Snapshots.Count > 0)
                return Fail($"cannot destroy '{unmounted.FullName}': dataset is busy");
            if (unmounted.Children.Count > 0)
                return Fail($"cannot destroy '{unmounted.FullName}': dataset already exists");
            DestroyCommand.Remove(call.Host, unmounted);
            return true;
        }

        bool Fail(string why)
        {
            call.Complain(why);
            return false;
        }
    }
}

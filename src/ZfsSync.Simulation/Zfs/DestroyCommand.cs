using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs destroy</c>: datasets here, snapshots and bookmarks in their own classes.</summary>
internal static class DestroyCommand
{
    public static void Run(ZfsCall call)
    {
        var options = ZfsOptions.Parse("destroy", "vpndfrR", call.Arguments);
        var target = options.Single("destroy", "dataset");
        if (target.Contains('@', StringComparison.Ordinal))
            DestroySnapshots.Run(call, options, target);
        else if (target.Contains('#', StringComparison.Ordinal))
            Bookmark(call, options, target);
        else
            Dataset(call, options, call.OpenDataset(target));
    }

    private static void Bookmark(ZfsCall call, ZfsOptions options, string target)
    {
        if (options.Has('n'))
            throw new ZfsFailure("dryrun is not supported with bookmark", 255);
        if (call.Host.FindBookmark(target) is not { } bookmark)
            throw new ZfsFailure($"bookmark '{target}' does not exist.");
        if (!call.May(bookmark.Owner, "destroy"))
            throw new ZfsFailure("cannot destroy bookmark: permission denied");
        bookmark.Owner.Bookmarks.Remove(bookmark.Name);
        bookmark.Owner.Pool.NextTxg();
    }

    private static void Dataset(ZfsCall call, ZfsOptions options, SimDataset dataset)
    {
        var isRecursive = options.Has('r') || options.Has('R');
        if (!isRecursive && dataset.Parent is null)
        {
            throw new ZfsFailure(
                $"cannot destroy '{dataset.FullName}': operation does not apply to pools\n"
                    + $"use 'zfs destroy -r {dataset.FullName}' to destroy all datasets in the pool\n"
                    + $"use 'zpool destroy {dataset.FullName}' to destroy the pool itself"
            );
        }
        if (!isRecursive && Dependents(dataset).ToList() is { Count: > 0 } below)
            throw new ZfsFailure(Refusal(dataset, "has children", "-r", below));
        var clones = dataset
            .Subtree.SelectMany(level => level.Snapshots)
            .SelectMany(snapshot => snapshot.Clones)
            .ToList();
        var foreign = clones.FindAll(clone => !clone.SelfAndAncestors.Contains(dataset));
        if (!options.Has('R') && foreign.Count > 0)
            throw new ZfsFailure(
                Refusal(dataset, "has dependent clones", "-R", foreign.ConvertAll(clone => clone.FullName))
            );
        foreach (var each in foreign.Append(dataset).SelectMany(top => top.Subtree.Reverse()).Distinct().ToList())
            One(call, options, each);
    }

    private static void One(ZfsCall call, ZfsOptions options, SimDataset dataset)
    {
        foreach (var node in dataset.Snapshots.Select(snapshot => snapshot.FullName).Append(dataset.FullName))
        {
            if (options.Has('v') || options.Has('p'))
                call.Print(
                    options.Has('p') ? $"destroy\t{node}" : $"{(options.Has('n') ? "would" : "will")} destroy {node}"
                );
        }
        if (options.Has('n') || dataset.Parent is null)
            return;
        if (dataset.IsMounted && !call.IsRoot)
            call.Complain($"cannot unmount '/{dataset.FullName}': permission denied");
        else if (!call.May(dataset, "destroy", "mount"))
            call.Complain($"cannot destroy '{dataset.FullName}': permission denied");
        else if (dataset.IsReceiving || dataset.Children.Count > 0 || dataset.Snapshots.Exists(IsBusy))
            Busy(call, dataset);
        else
            Remove(call.Host, dataset);
    }

    private static void Busy(ZfsCall call, SimDataset dataset)
    {
        if (dataset.Snapshots.Find(IsBusy) is { } held)
            call.Complain(DestroySnapshots.Busy(call.Host, held));
        else
            call.Complain(
                $"cannot destroy '{dataset.FullName}': {(dataset.Children.Count > 0 ? "filesystem has children" : "dataset is busy")}"
            );
    }

    private static bool IsBusy(SimSnapshot snapshot) => snapshot.HoldSecondsByTag.Count > 0 || snapshot.Readers > 0;

    public static void Remove(HostState host, SimDataset dataset)
    {
        Mountpoints.Remove(host, dataset);
        dataset.Parent!.Children.Remove(dataset.Name);
        if (dataset.Origin is { } origin)
        {
            origin.Clones.Remove(dataset);
            if (origin is { IsDeferredDestroy: true, Clones.Count: 0, HoldSecondsByTag.Count: 0 })
                host.Remove(origin);
        }
        dataset.Pool.NextTxg();
    }

    private static IEnumerable<string> Dependents(SimDataset dataset) =>
        dataset
            .Children.Values.SelectMany(child => Dependents(child).Append(child.FullName))
            .Concat(dataset.Snapshots.Select(snapshot => snapshot.FullName));

    public static string Refusal(SimNode target, string why, string option, IEnumerable<string> names) =>
        $"cannot destroy '{target.FullName}': {target.TypeName} {why}\n"
        + $"use '{option}' to destroy the following datasets:\n"
        + string.Join('\n', names);
}

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
        if (!options.Has('R'))
            RefuseDependents(dataset, isRecursive);
        var destruction = new Destruction(call, options);
        new DependentWalk(destruction.Add, refusesCycles: true).Below(dataset);
        destruction.Add(new Dependent(dataset));
        destruction.DestroySnapshots();
    }

    /// <summary>Below it anything without -r, elsewhere clones with -r.</summary>
    private static void RefuseDependents(SimDataset dataset, bool isRecursive)
    {
        var refused = DependentWalk
            .NamesBelow(dataset)
            .Where(name => IsBelow(name, dataset.FullName) != isRecursive)
            .ToList();
        if (refused.Count > 0)
            throw new ZfsFailure(
                isRecursive
                    ? Refusal(dataset, "has dependent clones", "-R", refused)
                    : Refusal(dataset, "has children", "-r", refused)
            );
    }

    private static bool IsBelow(string name, string dataset) =>
        name.Length > dataset.Length
        && name[dataset.Length] is '/' or '@'
        && name.StartsWith(dataset, StringComparison.Ordinal);

    public static void Remove(HostState host, SimDataset dataset)
    {
        Mountpoints.Remove(host, dataset);
        Drop(host, dataset);
    }

    /// <summary>Without a look at where it could be mounted.</summary>
    public static void Drop(HostState host, SimDataset dataset)
    {
        dataset.Parent!.Children.Remove(dataset.Name);
        if (dataset.Origin is { } origin)
        {
            origin.Clones.Remove(dataset);
            host.DropDeferred(origin);
        }
        dataset.Pool.NextTxg();
    }

    public static string Refusal(SimNode target, string why, string option, IEnumerable<string> names) =>
        $"cannot destroy '{target.FullName}': {target.TypeName} {why}\n"
        + $"use '{option}' to destroy the following datasets:\n"
        + string.Join('\n', names);
}

using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs destroy dataset@a%c,e</c>: all of them or none, save those that are gone already.</summary>
internal static class DestroySnapshots
{
    public static void Run(ZfsCall call, ZfsOptions options, string target)
    {
        HostState.TrySplit(target, '@', out var path, out var spec);
        var top = call.OpenDataset(path!);
        var isRecursive = options.Has('r') || options.Has('R');
        var chosen = new List<SimSnapshot>();
        foreach (var dataset in isRecursive ? top.Subtree : [top])
            chosen.AddRange(Match(dataset, spec!));
        if (!options.Has('d') && !options.Has('R') && chosen.Find(snapshot => snapshot.Dependents.Any()) is { } cloned)
        {
            var clones = cloned.Dependents;
            throw new ZfsFailure(DestroyCommand.Refusal(cloned, "has dependent clones", "-R", clones));
        }
        if (chosen.Count == 0)
            throw new ZfsFailure("could not find any snapshots to destroy; check snapshot names.");
        Preview(call, options, chosen);
        if (!options.Has('n'))
            Destroy(call, options, chosen);
    }

    /// <summary>Names and inclusive ranges by txg; what does not exist is not an error here.</summary>
    private static IEnumerable<SimSnapshot> Match(SimDataset dataset, string spec)
    {
        var chosen = new HashSet<SimSnapshot>();
        foreach (var item in spec.Split(','))
        {
            if (!HostState.TrySplit(item, '%', out var first, out var last))
            {
                if (dataset.FindSnapshot(item) is { } one)
                    chosen.Add(one);
                continue;
            }
            var from = first.Length == 0 ? 0 : dataset.Snapshots.FindIndex(snapshot => snapshot.Name == first);
            var to =
                last.Length == 0
                    ? dataset.Snapshots.Count - 1
                    : dataset.Snapshots.FindIndex(snapshot => snapshot.Name == last);
            if (from >= 0 && to >= from)
                chosen.UnionWith(dataset.Snapshots[from..(to + 1)]);
        }
        return dataset.Snapshots.Where(chosen.Contains);
    }

    private static void Preview(ZfsCall call, ZfsOptions options, List<SimSnapshot> chosen)
    {
        if (!options.Has('v') && !options.Has('p'))
            return;
        foreach (var snapshot in chosen)
            call.Print(
                options.Has('p')
                    ? $"destroy\t{snapshot.FullName}"
                    : $"{(options.Has('n') ? "would" : "will")} destroy {snapshot.FullName}"
            );
        var bytes = chosen.GroupBy(snapshot => snapshot.Owner).SelectMany(Ranges).Sum(SpaceUsage.ReclaimBytes);
        var word = options.Has('n') ? "would" : "will";
        call.Print(options.Has('p') ? $"reclaim\t{bytes}" : $"{word} reclaim {ZfsNumbers.Short(bytes)}");
    }

    /// <summary>The neighbouring ones together.</summary>
    private static IEnumerable<List<SimSnapshot>> Ranges(IGrouping<SimDataset, SimSnapshot> group)
    {
        var chosen = group.ToHashSet();
        var range = new List<SimSnapshot>();
        foreach (var snapshot in group.Key.Snapshots)
        {
            if (chosen.Contains(snapshot))
            {
                range.Add(snapshot);
                continue;
            }
            yield return range;
            range = [];
        }
        yield return range;
    }

    /// <summary>Why a snapshot cannot go: a hold is named since late 2.3.</summary>
    public static string Busy(HostState host, SimSnapshot snapshot) =>
        snapshot.HoldSecondsByTag.Count > 0 && host.Release.IsAtLeast(2, 3)
            ? $"cannot destroy snapshot {snapshot.FullName}: it's being held. Run 'zfs holds -r {snapshot.FullName}' to see holders."
            : $"cannot destroy snapshot {snapshot.FullName}: dataset is busy";

    private static void Destroy(ZfsCall call, ZfsOptions options, List<SimSnapshot> chosen)
    {
        if (chosen.Exists(snapshot => !call.May(snapshot.Owner, "destroy", "mount")))
        {
            call.Complain("cannot destroy snapshots: permission denied");
            return;
        }
        foreach (var clone in options.Has('R') ? chosen.SelectMany(snapshot => snapshot.Clones).ToList() : [])
        {
            foreach (var dataset in clone.Subtree.Reverse().ToList())
                DestroyCommand.Remove(call.Host, dataset);
        }
        var busy = chosen.FindAll(snapshot => snapshot.Readers > 0 || snapshot.HoldSecondsByTag.Count > 0);
        if (busy.Count > 0 && !options.Has('d'))
        {
            busy.ForEach(snapshot => call.Complain(Busy(call.Host, snapshot)));
            return;
        }
        foreach (var pool in chosen.Select(snapshot => snapshot.Owner.Pool).Distinct())
            pool.NextTxg();
        foreach (var snapshot in chosen)
        {
            if (options.Has('d') && (busy.Contains(snapshot) || snapshot.Clones.Count > 0))
                snapshot.IsDeferredDestroy = true;
            else
                call.Host.Remove(snapshot);
        }
    }
}

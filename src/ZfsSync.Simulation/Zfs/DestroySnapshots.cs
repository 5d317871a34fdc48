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
        if (!options.Has('d') && !options.Has('R') && chosen.FindAll(each => each.IsCloned) is { Count: > 0 } cloned)
            throw new ZfsFailure(
                string.Join(
                    '\n',
                    cloned.Select(each =>
                        DestroyCommand.Refusal(each, "has dependent clones", "-R", DependentWalk.NamesBelow(each))
                    )
                )
            );
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
    private static string Busy(HostState host, SimSnapshot snapshot) =>
        snapshot.HoldSecondsByTag.Count > 0 && host.Release.IsAtLeast(2, 3)
            ? $"cannot destroy snapshot {snapshot.FullName}: it's being held. Run 'zfs holds -r {snapshot.FullName}' to see holders."
            : $"cannot destroy snapshot {snapshot.FullName}: dataset is busy";

    private static void Destroy(ZfsCall call, ZfsOptions options, List<SimSnapshot> chosen)
    {
        if (options.Has('R'))
        {
            var clones = new Destruction(call, options);
            foreach (var (snapshot, name) in chosen.ConvertAll(each => (each, each.FullName)))
            {
                // It can have gone with a clone that one before it had.
                if (snapshot.Owner.Snapshots.Contains(snapshot))
                    new DependentWalk(clones.Add, refusesCycles: true).Below(snapshot);
                else
                    call.Warn($"cannot open '{name}': dataset does not exist");
            }
            if (!clones.DestroySnapshots())
                return;
        }
        Together(call, chosen.FindAll(snapshot => snapshot.Owner.Snapshots.Contains(snapshot)), options.Has('d'));
    }

    /// <summary>All of them or none.</summary>
    public static bool Together(ZfsCall call, List<SimSnapshot> snapshots, bool isDeferred)
    {
        if (snapshots.Exists(snapshot => !call.May(snapshot.Owner, "destroy", "mount")))
        {
            call.Complain("cannot destroy snapshots: permission denied");
            return false;
        }
        var refusals = snapshots.Select(snapshot => Refusal(call.Host, snapshot, isDeferred)).OfType<string>().ToList();
        refusals.ForEach(call.Complain);
        if (refusals.Count > 0)
            return false;
        foreach (var pool in snapshots.Select(snapshot => snapshot.Owner.Pool).Distinct())
            pool.NextTxg();
        foreach (var snapshot in snapshots)
        {
            if (snapshot.IsCloned || snapshot.HoldSecondsByTag.Count > 0)
                snapshot.IsDeferredDestroy = true;
            else
                call.Host.Remove(snapshot);
        }
        return true;
    }

    private static string? Refusal(HostState host, SimSnapshot snapshot, bool isDeferred) =>
        snapshot.Readers > 0 || (!isDeferred && snapshot.HoldSecondsByTag.Count > 0) ? Busy(host, snapshot)
        : !isDeferred && snapshot.IsCloned ? $"cannot destroy snapshot {snapshot.FullName}: snapshot is cloned"
        : null;
}

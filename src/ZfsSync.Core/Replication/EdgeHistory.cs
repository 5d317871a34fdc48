using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>
/// The two histories of an edge laid beside each other: what they share, and what each has alone after that. Compared
/// by guid only; ordered by each pool's own createtxg, so that neither names, clocks nor the order of the lists count.
/// </summary>
internal sealed record EdgeHistory
{
    /// <summary>The source's snapshots, oldest first.</summary>
    public required IReadOnlyList<Snapshot> Source { get; init; }

    /// <summary>The target's snapshots, oldest first.</summary>
    public required IReadOnlyList<Snapshot> Target { get; init; }

    /// <summary>The newest common point as the source has it, a snapshot rather than a bookmark; null when nothing is shared.</summary>
    public Anchor? Base { get; init; }

    /// <summary>The same point as the target has it.</summary>
    public Snapshot? BaseOnTarget { get; init; }

    /// <summary>How many of <see cref="Source"/> are at or before <see cref="Base"/>.</summary>
    public int BasePosition { get; init; }

    /// <summary>Snapshots of the source after the base that the target lacks.</summary>
    public required IReadOnlyList<Snapshot> SourceOnly { get; init; }

    /// <summary>Snapshots of the target after the base; the source has none of them.</summary>
    public required IReadOnlyList<Snapshot> TargetOnly { get; init; }

    public static EdgeHistory Compare(DatasetInventory source, DatasetInventory? target)
    {
        var sourceList = InOrder(source.Snapshots);
        var targetList = target is null ? [] : InOrder(target.Snapshots);
        var held = targetList.Select(s => s.Guid).ToHashSet();
        var anchors = AnchorsOf(source, held);
        for (var i = targetList.Length - 1; i >= 0; i--)
        {
            if (!anchors.TryGetValue(targetList[i].Guid, out var found))
                continue;
            var position = Array.FindLastIndex(sourceList, s => s.CreateTxg <= found.CreateTxg) + 1;
            return new EdgeHistory
            {
                Source = sourceList,
                Target = targetList,
                Base = found.Anchor,
                BaseOnTarget = targetList[i],
                BasePosition = position,
                SourceOnly = [.. sourceList.Skip(position).Where(s => !held.Contains(s.Guid))],
                TargetOnly = targetList[(i + 1)..],
            };
        }
        return new EdgeHistory
        {
            Source = sourceList,
            Target = targetList,
            SourceOnly = sourceList,
            TargetOnly = targetList,
        };
    }

    /// <summary>Snapshots of the target that are called like one of <paramref name="arriving"/>, none of which it has.</summary>
    public IReadOnlyList<Snapshot> Clashing(IReadOnlyList<Snapshot> arriving)
    {
        var labels = arriving.Select(s => s.Label).ToHashSet(StringComparer.Ordinal);
        return [.. Target.Where(t => labels.Contains(t.Label))];
    }

    public static Snapshot[] InOrder(IReadOnlyList<Snapshot> snapshots)
    {
        var sorted = snapshots.ToArray();
        Array.Sort(sorted, ByHistory);
        return sorted;
    }

    private static int ByHistory(Snapshot a, Snapshot b)
    {
        var byTxg = a.CreateTxg.CompareTo(b.CreateTxg);
        if (byTxg != 0)
            return byTxg;
        var byGuid = a.Guid.CompareTo(b.Guid);
        return byGuid != 0 ? byGuid : string.CompareOrdinal(a.Label, b.Label);
    }

    private static Dictionary<SnapshotGuid, (Anchor Anchor, ulong CreateTxg)> AnchorsOf(
        DatasetInventory source,
        HashSet<SnapshotGuid> held
    )
    {
        var anchors = new Dictionary<SnapshotGuid, (Anchor Anchor, ulong CreateTxg)>();
        foreach (var snapshot in source.Snapshots.Where(s => held.Contains(s.Guid)))
            anchors[snapshot.Guid] = (new Anchor(snapshot.Guid, snapshot.Label, false), snapshot.CreateTxg);
        // Several bookmarks of one snapshot are common (one per edge): any serves, the first by name is the stable choice.
        foreach (
            var bookmark in source
                .Bookmarks.Where(b => held.Contains(b.Guid))
                .OrderBy(b => b.Label, StringComparer.Ordinal)
        )
            anchors.TryAdd(bookmark.Guid, (new Anchor(bookmark.Guid, bookmark.Label, true), bookmark.CreateTxg));
        return anchors;
    }
}

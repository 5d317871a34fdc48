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
        var points = PointsOf(source);
        for (var i = targetList.Length - 1; i >= 0; i--)
        {
            if (!points.TryGetValue(targetList[i].Guid, out var found))
                continue;
            var position = Array.FindLastIndex(sourceList, s => s.CreateTxg <= found.CreateTxg) + 1;
            return new EdgeHistory
            {
                Source = sourceList,
                Target = targetList,
                Base = new Anchor(targetList[i].Guid, found.Label, found.IsBookmark),
                BaseOnTarget = targetList[i],
                BasePosition = position,
                SourceOnly = Without(sourceList[position..], targetList),
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
        for (var i = 1; i < sorted.Length; i++)
        {
            if (ByHistory(sorted[i - 1], sorted[i]) <= 0)
                continue;
            Array.Sort(sorted, ByHistory);
            break;
        }
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

    /// <summary>Mostly there is nothing after the base, and then the other list is not looked at.</summary>
    private static Snapshot[] Without(Snapshot[] snapshots, Snapshot[] others)
    {
        if (snapshots.Length == 0)
            return snapshots;
        var held = others.Select(s => s.Guid).ToHashSet();
        return [.. snapshots.Where(s => !held.Contains(s.Guid))];
    }

    /// <summary>Where a history that the target shares could go on from.</summary>
    private static Dictionary<SnapshotGuid, (string Label, ulong CreateTxg, bool IsBookmark)> PointsOf(
        DatasetInventory source
    )
    {
        var points = new Dictionary<SnapshotGuid, (string Label, ulong CreateTxg, bool IsBookmark)>(
            source.Snapshots.Count + source.Bookmarks.Count
        );
        foreach (var snapshot in source.Snapshots)
            points[snapshot.Guid] = (snapshot.Label, snapshot.CreateTxg, false);
        // Several bookmarks of one snapshot are common (one per edge): any serves, the first by name is the stable choice.
        foreach (var bookmark in source.Bookmarks.OrderBy(b => b.Label, StringComparer.Ordinal))
            points.TryAdd(bookmark.Guid, (bookmark.Label, bookmark.CreateTxg, true));
        return points;
    }
}

using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Topology;

/// <summary>
/// Who gives to whom in a mesh. There is no origin that somebody declares: the hosts whose history goes furthest lead,
/// and each target that lacks something gets it from one host that has it, in this order of preference:
/// <list type="number">
/// <item>Whoever brings it furthest. An end is further than another when a giver has both, the other before it; where no
/// history has both (a split brain among the givers), the later creation decides.</item>
/// <item>Whoever brings it there with the most snapshots, so that a giver with thinner retention leaves no holes.</item>
/// <item>The host itself, then whoever gives to the fewest so far: A→B→C relieves A.</item>
/// <item>The order of the group's members.</item>
/// </list>
/// Targets choose one after the other, in the order of the members, and see only what those before them chose: a target
/// that is added at the end, with nothing of its own to give, changes no other edge.
/// </summary>
public static class MeshSources
{
    /// <summary>For each target the place of the chosen offer in its list; null when it is settled or has no offer.</summary>
    /// <param name="targets">In the order of the group's members.</param>
    public static IReadOnlyList<int?> Choose(IReadOnlyList<MeshTarget> targets)
    {
        var load = new Dictionary<int, int>();
        var chosen = new int?[targets.Count];
        for (var i = 0; i < targets.Count; i++)
        {
            if (targets[i].Settled is null && targets[i].Offers.Count > 0)
                chosen[i] = Best(targets[i].Offers, load);
            if ((targets[i].Settled ?? (chosen[i] is { } at ? targets[i].Offers[at].Giver : null)) is { } giver)
                load[giver] = load.GetValueOrDefault(giver) + 1;
        }
        return chosen;
    }

    private static int Best(IReadOnlyList<MeshOffer> offers, Dictionary<int, int> load)
    {
        var furthest = Enumerable
            .Range(0, offers.Count)
            .Where(i => !offers.Any(other => IsFurther(other, offers[i].End)))
            .ToList();
        // Histories that contradict each other leave none; then the other rules decide alone.
        return (furthest.Count > 0 ? furthest : Enumerable.Range(0, offers.Count))
            .OrderByDescending(i => offers[i].End?.CreatedAt ?? DateTimeOffset.MinValue)
            // Only equal ends are compared further; of two that were created in one second, the higher guid goes on.
            .ThenByDescending(i => offers[i].End?.Guid ?? SnapshotGuid.Unknown)
            .ThenByDescending(i => offers[i].Arriving)
            .ThenBy(i => offers[i].IsSameHost ? 0 : 1)
            .ThenBy(i => load.GetValueOrDefault(offers[i].Giver))
            .ThenBy(i => i)
            .First();
    }

    /// <summary>Whether the offer's history has both ends, its own as the later one. Ends without a guid cannot be told apart so.</summary>
    private static bool IsFurther(MeshOffer offer, Snapshot? end)
    {
        if (offer.End is not { Guid.IsUnknown: false } own || end is null || end.Guid == own.Guid)
            return false;
        foreach (var snapshot in offer.History)
        {
            if (snapshot.Guid == own.Guid)
                return false;
            if (snapshot.Guid == end.Guid)
                return true;
        }
        return false;
    }
}

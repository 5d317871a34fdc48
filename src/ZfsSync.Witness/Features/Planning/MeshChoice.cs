using ZfsSync.Core.Replication;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>
/// Picks one source per target of a mesh: the one that brings it furthest; among equals the cheapest, which is the same
/// host, then the host that gives to the fewest, so that A→B→C relieves A. Two hosts that both wrote after their last
/// common snapshot block each other (split brain); a host that is merely ahead is not in conflict with those behind it.
/// </summary>
internal sealed class MeshChoice(UnitFacts facts)
{
    private readonly Dictionary<Guid, int> load = [];

    public List<EdgeCandidate> Choose(IReadOnlyList<EdgeCandidate> candidates)
    {
        var chosen = new List<EdgeCandidate>();
        foreach (var target in candidates.GroupBy(c => (c.Key.Target.SystemId, c.Key.TargetDataset)))
        {
            if (Pick([.. target]) is not { } pick)
                continue;
            chosen.Add(pick);
            load[pick.Key.Source.SystemId] = load.GetValueOrDefault(pick.Key.Source.SystemId) + 1;
        }
        return chosen;
    }

    private EdgeCandidate? Pick(IReadOnlyList<EdgeCandidate> sources)
    {
        // A transfer that runs is finished from where it began.
        if (sources.FirstOrDefault(IsRunning) is { } running)
            return running;
        if (sources.Where(c => c.Acts).ToList() is { Count: > 0 } giving)
            return giving
                .OrderByDescending(End)
                .ThenBy(c => c.Key.Source.SystemId == c.Key.Target.SystemId ? 0 : 1)
                .ThenBy(c => load.GetValueOrDefault(c.Key.Source.SystemId))
                .ThenBy(c => c.Key.Source.Member)
                .First();
        return Prefer(sources.Where(IsConflict))
            ?? Prefer(sources.Where(c => c.Decision is UpToDate && IsWorthShowing(c)))
            ?? Prefer(sources.Where(c => c.Decision is Nothing { Reason: not ReasonCode.NoSourceSnapshots }))
            ?? Prefer(sources.Where(c => IsKnown(c) && c.Decision is not Conflict { Kind: ConflictKind.TargetAhead }));
    }

    private bool IsRunning(EdgeCandidate candidate) =>
        facts.Open.TryGetValue(candidate.Key.Id, out var open)
        && open.State == Contracts.Instructions.InstructionState.Leased;

    private static bool IsConflict(EdgeCandidate candidate) =>
        candidate.Decision is Conflict { Kind: not ConflictKind.TargetAhead };

    /// <summary>Of hosts that hold the same, the first is where it comes from and needs no edge to it.</summary>
    private bool IsWorthShowing(EdgeCandidate candidate) =>
        IsKnown(candidate) || candidate.Key.Source.Member < candidate.Key.Target.Member;

    private bool IsKnown(EdgeCandidate candidate) => facts.Edges.ContainsKey(candidate.Key.Id);

    /// <summary>What is stored already stays, so that an edge does not wander between equal sources.</summary>
    private EdgeCandidate? Prefer(IEnumerable<EdgeCandidate> candidates) =>
        candidates.OrderByDescending(IsKnown).ThenBy(c => c.Key.Source.Member).FirstOrDefault();

    private static DateTimeOffset End(EdgeCandidate candidate)
    {
        var snapshots = candidate.Facts?.Source?.Snapshots ?? [];
        var steps = DecisionWording.StepsOf(candidate.Decision);
        if (steps.Count == 0)
            return DateTimeOffset.MinValue;
        var end = steps[^1].EndGuid;
        return snapshots.FirstOrDefault(s => s.Guid == end)?.CreatedAt ?? DateTimeOffset.MinValue;
    }
}

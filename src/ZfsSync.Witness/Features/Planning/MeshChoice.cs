using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Core.Topology;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>
/// Picks one source per target of a mesh: where something can be sent, the cheapest that brings the target furthest
/// (<see cref="MeshSources"/>). Two hosts that both wrote after their last common snapshot block each other (split
/// brain); a host that is merely ahead is not in conflict with those behind it.
/// </summary>
internal sealed class MeshChoice(UnitFacts facts)
{
    private readonly Dictionary<Guid, int> numbers = [];

    public List<EdgeCandidate> Choose(IReadOnlyList<EdgeCandidate> candidates)
    {
        var targets = candidates
            .GroupBy(c => (c.Key.Target.SystemId, c.Key.TargetDataset))
            .Select(target => Weigh([.. target.OrderBy(c => c.Key.Source.Member)]))
            .OrderBy(target => target.Member)
            .ToList();
        var chosen = MeshSources.Choose([
            .. targets.Select(t => new MeshTarget([.. t.Giving.Select(Offer)]) { Settled = Number(t.Settled) }),
        ]);
        return [.. targets.Select((t, i) => chosen[i] is { } at ? t.Giving[at] : t.Settled).OfType<EdgeCandidate>()];
    }

    private (int Member, EdgeCandidate? Settled, List<EdgeCandidate> Giving) Weigh(List<EdgeCandidate> sources)
    {
        var member = sources[0].Key.Target.Member;
        // A transfer that runs is finished from where it began.
        if (sources.Find(IsRunning) is { } running)
            return (member, running, []);
        if (sources.Find(IsPromised) is { } promised)
            return (member, promised, []);
        var giving = sources.FindAll(c => c.Acts);
        return (member, giving.Count > 0 ? null : Shown(sources), giving);
    }

    /// <summary>The edge that stands for a target that nothing can be sent to.</summary>
    private EdgeCandidate? Shown(List<EdgeCandidate> sources) =>
        Prefer(sources.Where(IsConflict))
        ?? Prefer(sources.Where(c => c.Decision is UpToDate && IsWorthShowing(c)))
        ?? Prefer(sources.Where(c => c.Decision is Nothing { Reason: not ReasonCode.NoSourceSnapshots }))
        ?? Prefer(sources.Where(c => IsKnown(c) && c.Decision is not Conflict { Kind: ConflictKind.TargetAhead }));

    private MeshOffer Offer(EdgeCandidate candidate)
    {
        var history = candidate.Facts?.Source?.Snapshots ?? [];
        var arriving = DecisionWording.StepsOf(candidate.Decision).SelectMany(s => Arriving(s, history)).ToList();
        return new MeshOffer(Number(candidate)!.Value, arriving.LastOrDefault(), arriving.Count)
        {
            History = history,
            IsSameHost = candidate.Key.Source.SystemId == candidate.Key.Target.SystemId,
        };
    }

    private static IEnumerable<Snapshot> Arriving(SendStep step, IReadOnlyList<Snapshot> history) =>
        step switch
        {
            SendStep.Full full => [full.To],
            SendStep.Incremental incremental => [incremental.To],
            SendStep.Range range => range.Arriving,
            _ => history.Where(s => s.Guid == step.EndGuid),
        };

    private int? Number(EdgeCandidate? candidate)
    {
        if (candidate is null)
            return null;
        if (!numbers.TryGetValue(candidate.Key.Source.SystemId, out var number))
            numbers[candidate.Key.Source.SystemId] = number = numbers.Count;
        return number;
    }

    private bool IsRunning(EdgeCandidate candidate) =>
        facts.Open.TryGetValue(candidate.Key.Id, out var open)
        && open.State == Contracts.Instructions.InstructionState.Leased;

    /// <summary>
    /// A person approved a repair so that this source can send. It was carried out, and nothing has been sent since:
    /// another source must not take the place that was made, even while this one is away.
    /// </summary>
    private bool IsPromised(EdgeCandidate candidate) =>
        facts.Unfinished.TryGetValue(candidate.Key.Id, out var last)
        && last.Instruction.Kind == Contracts.Instructions.InstructionKind.Repair
        && (candidate.Acts || candidate.Facts is null);

    private static bool IsConflict(EdgeCandidate candidate) =>
        candidate.Decision is Conflict { Kind: not ConflictKind.TargetAhead };

    /// <summary>Of hosts that hold the same, the first is where it comes from and needs no edge to it.</summary>
    private bool IsWorthShowing(EdgeCandidate candidate) =>
        IsKnown(candidate) || candidate.Key.Source.Member < candidate.Key.Target.Member;

    private bool IsKnown(EdgeCandidate candidate) => facts.Edges.ContainsKey(candidate.Key.Id);

    /// <summary>What is stored already stays, so that an edge does not wander between equal sources.</summary>
    private EdgeCandidate? Prefer(IEnumerable<EdgeCandidate> candidates) =>
        candidates.OrderByDescending(IsKnown).ThenBy(c => c.Key.Source.Member).FirstOrDefault();
}

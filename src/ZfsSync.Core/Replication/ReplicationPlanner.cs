using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Replication;

/// <summary>
/// Decides what to do about one edge. Pure: facts and policy in, a decision that explains itself out. No decision that
/// nobody approved destroys a snapshot or loses a write on the target; the next one is always made from new facts.
/// </summary>
public static class ReplicationPlanner
{
    /// <summary>The decision for one edge.</summary>
    public static ReplicationDecision Plan(EdgeFacts facts, EdgePolicy policy)
    {
        if (facts.Source is null)
            return new Nothing(
                ReasonCode.SourceDatasetMissing,
                $"The source has no dataset to send to {facts.TargetName}."
            );
        return GuidlessMatch.Align(facts) is { } aligned
            ? aligned.Restore(Decide(aligned.Facts, policy, aligned.Facts.Source!)) with
            {
                IsMatchedByName = aligned.IsByName,
            }
            : Decide(facts, policy, facts.Source);
    }

    private static ReplicationDecision Decide(EdgeFacts facts, EdgePolicy policy, DatasetInventory source)
    {
        if (facts.IsReceiving)
            return new Nothing(ReasonCode.ReceiveRunning, $"A receive into {facts.TargetName} is running.");
        var edge = EdgeView.Of(facts, policy, source, facts.Target);
        if (TargetConflicts.Kind(edge) is { } wrongKind)
            return ApprovalMatch.Apply(wrongKind, edge);
        switch (PartialReceive.Judge(edge))
        {
            case { Verdict: TokenVerdict.Wanted, Token: { } token }:
                return WithApproval(edge, EngineLimits.Apply(edge, Resume(edge, token)));
            case { Verdict: TokenVerdict.Foreign, Token: var token }:
                return WithApproval(edge, TargetConflicts.ForeignPartial(edge, token!));
            case { Verdict: var verdict }:
                edge = PartialReceive.WithoutPartial(edge, verdict);
                break;
        }
        return WithApproval(edge, EngineLimits.Apply(edge, Send(edge)));
    }

    private static ReplicationDecision WithApproval(EdgeView edge, ReplicationDecision decision) =>
        decision is Conflict conflict ? ApprovalMatch.Apply(conflict, edge) : decision;

    private static ReplicationDecision Resume(EdgeView edge, ResumeToken token)
    {
        var snapshot = edge.History.Source.First(s => s.Guid == token.ToGuid);
        if (!SnapshotChoice.IsOldEnough(edge.Policy, edge.Facts.Now, snapshot))
            return SnapshotChoice.TooYoung(edge, snapshot);
        if ((TargetConflicts.Modified(edge) ?? TargetConflicts.Names(edge, [snapshot])) is { } conflict)
            return conflict;
        if (SendObstacles.Find(edge) is { } obstacle)
            return obstacle;
        return new Resume(
            StepPlanner.Rest(token, edge.History.Source),
            edge.Flags with
            {
                LargeBlocks = edge.Flags.LargeBlocks || token.HasLargeBlocks,
            }
        );
    }

    private static ReplicationDecision Send(EdgeView edge)
    {
        if (edge.History.Source.Count == 0)
            return NothingToSend(
                edge,
                new Nothing(ReasonCode.NoSourceSnapshots, $"{edge.Source.Name} has no snapshots.")
            );
        var wanted = edge.History.Source.Where(s => edge.Policy.Snapshots.Wants(s.Label)).ToList();
        if (wanted.Count == 0)
            return NothingToSend(
                edge,
                new Nothing(
                    ReasonCode.NoSelectedSnapshots,
                    $"None of the {edge.History.Source.Count} snapshots of {edge.Source.Name} is selected."
                )
            );
        return edge.History.Base is { } from ? Increment(edge, from) : First(edge);
    }

    private static ReplicationDecision First(EdgeView edge)
    {
        if (FirstReplicationConflicts.Find(edge) is { } conflict)
            return conflict;
        var (arriving, young) = SnapshotChoice.Arriving(edge.Policy, edge.Facts.Now, edge.History.Source);
        if (arriving.Count == 0)
            return SnapshotChoice.TooYoung(edge, young!);
        if (SendObstacles.Find(edge) is { } obstacle)
            return obstacle;
        if (edge.Policy.Initial == InitialSend.NewestOnly)
            arriving = [arriving[^1]];
        var arrives = arriving.Select(s => s.Guid).ToHashSet();
        return new Full(StepPlanner.FirstReplication(edge.History.Source, arrives), edge.Flags)
        {
            Abort = edge.Abort,
            OverwritesEmpty = edge.Target is not null,
        };
    }

    private static ReplicationDecision Increment(EdgeView edge, Anchor from)
    {
        if (TargetConflicts.Ahead(edge) is { } ahead)
            return ahead;
        var (arriving, young) = SnapshotChoice.Arriving(edge.Policy, edge.Facts.Now, edge.History.SourceOnly);
        if (arriving.Count == 0)
            return NothingToSend(edge, young is null ? UpToDate(edge, from) : SnapshotChoice.TooYoung(edge, young));
        if (SnapshotChoice.GapTooSmall(edge, arriving[^1]) is { } gap)
            return NothingToSend(edge, gap);
        var conflict =
            TargetConflicts.Modified(edge)
            ?? TargetConflicts.RawHistory(edge)
            ?? TargetConflicts.RawLineage(edge)
            ?? TargetConflicts.Names(edge, arriving);
        if (conflict is not null)
            return conflict;
        if (SendObstacles.Find(edge) is { } obstacle)
            return obstacle;
        var steps = StepPlanner.Increments(
            from,
            edge.History.Source,
            edge.History.BasePosition,
            arriving.Select(s => s.Guid).ToHashSet()
        );
        return new Incremental(from, steps, edge.Flags) { Abort = edge.Abort };
    }

    private static UpToDate UpToDate(EdgeView edge, Anchor from) =>
        new(
            edge.History.Source.FirstOrDefault(s => s.Guid == from.Guid)
                ?? edge.History.BaseOnTarget! with
                {
                    Label = from.Label,
                }
        )
        {
            TargetWrittenBytes = edge.Target!.WrittenBytes,
        };

    private static ReplicationDecision NothingToSend(EdgeView edge, ReplicationDecision decision) =>
        edge.Abort is { } verdict
            ? new AbortPartial(
                verdict,
                $"{edge.Facts.TargetName} holds a partial receive that is of no use ({verdict}), and there is nothing to send."
            )
            : decision;
}

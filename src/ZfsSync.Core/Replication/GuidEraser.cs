using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Replication;

/// <summary>Puts "unknown" back in place of guids that planning made up, everywhere in a decision.</summary>
internal sealed class GuidEraser(IReadOnlySet<SnapshotGuid> madeUp)
{
    public ReplicationDecision Erase(ReplicationDecision decision) =>
        decision switch
        {
            UpToDate d => d with { Newest = Erase(d.Newest) },
            Incremental d => d with { Base = Erase(d.Base), Steps = [.. d.Steps.Select(Erase)] },
            Full d => d with { Steps = [.. d.Steps.Select(Erase)] },
            ApprovedRepair d => d with { Option = Erase(d.Option) },
            Conflict d => d with { Evidence = Erase(d.Evidence), Repairs = [.. d.Repairs.Select(Erase)] },
            AbortPartial or Resume or Nothing => decision,
            _ => throw new InvalidOperationException($"A decision of an unknown kind: {decision.GetType().Name}."),
        };

    private SendStep Erase(SendStep step) =>
        step switch
        {
            SendStep.Full s => s with { To = Erase(s.To) },
            SendStep.Incremental s => s with { From = Erase(s.From), To = Erase(s.To) },
            SendStep.Range s => s with { From = Erase(s.From), Arriving = Erase(s.Arriving) },
            _ => step,
        };

    private ConflictEvidence Erase(ConflictEvidence evidence) =>
        evidence with
        {
            NewestCommon = evidence.NewestCommon is { } common ? Erase(common) : null,
            SourceOnly = Erase(evidence.SourceOnly),
            TargetOnly = Erase(evidence.TargetOnly),
        };

    private Repair Erase(Repair repair) =>
        repair with
        {
            Destroys = Erase(repair.Destroys),
            Renames = Erase(repair.Renames),
            RollbackTo = repair.RollbackTo is { } to ? Erase(to) : null,
        };

    private IReadOnlyList<Snapshot> Erase(IReadOnlyList<Snapshot> snapshots) => [.. snapshots.Select(Erase)];

    public Snapshot Erase(Snapshot snapshot) =>
        madeUp.Contains(snapshot.Guid) ? snapshot with { Guid = SnapshotGuid.Unknown } : snapshot;

    private Anchor Erase(Anchor anchor) =>
        madeUp.Contains(anchor.Guid) ? anchor with { Guid = SnapshotGuid.Unknown } : anchor;
}

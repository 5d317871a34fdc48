using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>
/// What an edge has learned from its last run. A run that its agent calls done is proven when the target's own
/// inventory holds the end of it; a newer report without it flags the run, and a later one may still show it.
/// </summary>
/// <param name="Row">The row with failures, back-off and pinned flags as they are after that.</param>
/// <param name="Proof">What the inventory says now; null when there is nothing to say.</param>
/// <param name="AwaitsProof">Why nothing new is sent until the next report; null when nothing is awaited.</param>
/// <param name="IsFlagged">Whether the last run was called done and is not shown.</param>
internal sealed record EdgeMemory(EdgeRow Row, RunProof? Proof, string? AwaitsProof, bool IsFlagged)
{
    public static EdgeMemory Recall(EdgeRow row, EdgeCandidate candidate, UnitFacts facts)
    {
        // After a success by other means (a script, a person) old failures say nothing any more.
        if (candidate.HoldsEverything)
            row = Succeeded(row, row.Pinned);
        if (!facts.Unfinished.TryGetValue(row.Id, out var run) || run.Proven is true)
            return new EdgeMemory(row, null, null, IsFlagged: false);
        if (candidate.Facts is null)
            return new EdgeMemory(row, null, null, run.Proven is false);
        if (IsShown(run, candidate))
            return new EdgeMemory(
                Succeeded(row, row.Pinned ?? PinnedBy(run.Instruction)),
                new RunProof(run.Instruction.InstructionId, Proven: true),
                null,
                IsFlagged: false
            );
        if (run.Proven is false)
            return new EdgeMemory(row, null, null, IsFlagged: true);
        var target = facts.Hosts[row.TargetSystemId];
        // An outcome from the future was noted before the clock was put back, and so before any report that comes now.
        if (target.LastReport is null || (target.LastReport <= run.OutcomeAt && run.OutcomeAt <= facts.Now))
            return new EdgeMemory(
                row,
                null,
                $"The agent says it is done; the next report of {target.Hostname} must show it.",
                IsFlagged: false
            );
        return new EdgeMemory(
            Failed(row, Missing(run, target), facts.Now),
            new RunProof(run.Instruction.InstructionId, Proven: false),
            null,
            IsFlagged: true
        );
    }

    /// <summary>The row after one more failure: the wait until the next attempt doubles.</summary>
    public static EdgeRow Failed(EdgeRow row, string error, DateTimeOffset now) =>
        row with
        {
            Failures = row.Failures + 1,
            LastError = error,
            RetryAt = now + BackOff.After(row.Failures + 1),
        };

    private static EdgeRow Succeeded(EdgeRow row, SendFlags? pinned) =>
        row with
        {
            Failures = 0,
            LastError = null,
            RetryAt = null,
            RawLineageBroken = false,
            TargetHasFiles = false,
            Pinned = pinned,
        };

    private static bool IsShown(RunFacts run, EdgeCandidate candidate)
    {
        if (candidate.HoldsEverything)
            return true;
        if (run.Instruction.Kind == InstructionKind.Repair)
            return !IsStillAsked(run, candidate);
        if (run.Instruction.Steps is not [.., var last])
            return true;
        return candidate.Facts!.Target?.Snapshots.Any(s => Matches(s, last)) is true;
    }

    private static bool Matches(Snapshot held, InstructionStep end) =>
        end.ToGuid.IsUnknown || held.Guid.IsUnknown ? held.Label == end.ToName : held.Guid == end.ToGuid;

    /// <summary>A repair shows by what it repaired being gone.</summary>
    private static bool IsStillAsked(RunFacts run, EdgeCandidate candidate) =>
        candidate.Decision switch
        {
            ReplicationDecision.ApprovedRepair approved => approved.Option.Kind == run.Instruction.Repair?.Kind,
            ReplicationDecision.Conflict conflict => conflict.Repairs.Any(r =>
                r.Kind == run.Instruction.Repair?.Kind && r.RollbackTo?.Guid == run.Instruction.Repair.RollbackToGuid
            ),
            ReplicationDecision.AbortPartial => run.Instruction.AbortToken
                == candidate.Facts?.Target?.ReceiveResumeToken,
            _ => false,
        };

    private static SendFlags? PinnedBy(Instruction instruction) =>
        instruction.Kind == InstructionKind.Replicate ? instruction.Flags : null;

    private static string Missing(RunFacts run, HostFacts target) =>
        run.Instruction.Steps is [.., var last]
            ? $"The agent said it was done, but the next report of {target.Hostname} does not show @{last.ToName} (guid {last.ToGuid})."
            : $"The agent said it was done, but the next report of {target.Hostname} does not show it.";
}

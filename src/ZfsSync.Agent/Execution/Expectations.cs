using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Agent.Execution;

/// <summary>
/// Holds a plan against what is there just before it is carried out. Pure: each fault is a sentence, null when all is as
/// the plan expects.
/// </summary>
internal static class Expectations
{
    /// <summary>What is different about the target of a transfer.</summary>
    public static string? TargetFault(Instruction plan, DatasetInventory? target) =>
        HistoryFault(plan, target)
        ?? TokenFault(
            plan,
            target,
            plan.AbortToken ?? plan.Steps.FirstOrDefault(step => step.Kind == StepKind.Resume)?.Token
        );

    /// <summary>What is different about the target of a repair. A partial receive matters only where the plan discards it.</summary>
    public static string? RepairFault(Instruction plan, InstructionRepair repair, DatasetInventory? target) =>
        HistoryFault(plan, target)
        ?? (
            plan.AbortToken is not null ? TokenFault(plan, target, plan.AbortToken)
            : repair.Kind == RepairKind.AbortPartialReceive ? "The plan does not name the partial receive to discard."
            : null
        );

    private static string? HistoryFault(Instruction plan, DatasetInventory? target)
    {
        var name = plan.Target.Dataset;
        if (target is null && plan.TargetExists)
            return $"{name} does not exist any more.";
        if (target is not null && !plan.TargetExists)
            return $"{name} exists by now.";
        var newest = target?.Snapshots is [.., var last] ? last : null;
        return newest?.Guid == plan.TargetNewestGuid
            ? null
            : $"The newest snapshot of {name} is {Describe(newest)}; the plan expects {Describe(plan.TargetNewestGuid)}.";
    }

    private static string? TokenFault(Instruction plan, DatasetInventory? target, string? expected) =>
        target?.ReceiveResumeToken == expected ? null
        : target?.ReceiveResumeToken is null ? $"The partial receive of {plan.Target.Dataset} is gone."
        : expected is null ? $"{plan.Target.Dataset} holds a partial receive by now."
        : $"The partial receive of {plan.Target.Dataset} is not the one that the plan knows.";

    /// <summary>What is different about the source, or wrong with the steps.</summary>
    public static string? StepsFault(Instruction plan, SourceLists source, DatasetInventory? target)
    {
        if (plan.Steps.Count == 0)
            return "The plan has no steps.";
        var at = plan.TargetNewestGuid;
        foreach (var step in plan.Steps)
        {
            if (StepFault(step, at, plan.Steps.Count, source) is { } fault)
                return fault;
            at = step.ToGuid;
        }
        var labels = target?.Snapshots.ToDictionary(snapshot => snapshot.Label, snapshot => snapshot.Guid) ?? [];
        var clash = Arriving(plan, source)
            .FirstOrDefault(snapshot => labels.TryGetValue(snapshot.Label, out var guid) && guid != snapshot.Guid);
        return clash is null
            ? null
            : $"{plan.Target.Dataset}@{clash.Label} is another snapshot than the source's of that name.";
    }

    /// <summary>Everything that the plan brings, as the source has it now.</summary>
    public static IEnumerable<Snapshot> Arriving(Instruction plan, SourceLists source)
    {
        var guids = plan.Steps.SelectMany(step => (step.ArrivingGuids ?? []).Append(step.ToGuid)).ToHashSet();
        return source.Snapshots.Where(snapshot => guids.Contains(snapshot.Guid));
    }

    private static string? StepFault(InstructionStep step, SnapshotGuid? at, int steps, SourceLists source)
    {
        if (source.Snapshot(step.ToGuid) is not { } end)
            return $"{source.Dataset}@{step.ToName} (guid {step.ToGuid}) does not exist any more.";
        switch (step.Kind)
        {
            case StepKind.Resume:
                return step.Token is null || steps != 1 ? "A resumed transfer has one step, with its token." : null;
            case StepKind.Full:
                return at is null ? null : "A full stream needs a target without snapshots.";
            case StepKind.Incremental:
            case StepKind.Range:
                if (step.FromGuid is null || step.FromGuid != at)
                    return $"A step starts from {Describe(step.FromGuid)}, and the target is then at {Describe(at)}.";
                return step.Kind == StepKind.Range ? RangeFault(step, end, source) : IncrementFault(step, end, source);
            default:
                return $"This agent does not know steps of kind {step.Kind}.";
        }
    }

    private static string? IncrementFault(InstructionStep step, Snapshot end, SourceLists source)
    {
        var from = source.Snapshot(step.FromGuid)?.CreateTxg ?? source.Bookmark(step.FromGuid)?.CreateTxg;
        return from is null ? BaseGone(step, source)
            : from >= end.CreateTxg ? NotOlder(step)
            : null;
    }

    /// <summary>One of those between may be gone by now; none may have come.</summary>
    private static string? RangeFault(InstructionStep step, Snapshot end, SourceLists source)
    {
        if (source.Snapshot(step.FromGuid) is not { } from)
            return BaseGone(step, source);
        if (from.CreateTxg >= end.CreateTxg)
            return NotOlder(step);
        var planned = step.ArrivingGuids?.ToHashSet() ?? [];
        var unplanned = source.Snapshots.FirstOrDefault(snapshot =>
            snapshot.CreateTxg > from.CreateTxg
            && snapshot.CreateTxg <= end.CreateTxg
            && !planned.Contains(snapshot.Guid)
        );
        return unplanned is null
            ? null
            : $"{source.Dataset}@{unplanned.Label} would arrive too, and the plan does not have it.";
    }

    private static string BaseGone(InstructionStep step, SourceLists source) =>
        $"The base {step.FromName} (guid {step.FromGuid}) does not exist any more on {source.Dataset}.";

    private static string NotOlder(InstructionStep step) =>
        $"The base {step.FromName} is not older than the end {step.ToName}.";

    private static string Describe(Snapshot? snapshot) =>
        snapshot is null ? "none" : $"@{snapshot.Label} (guid {snapshot.Guid})";

    private static string Describe(SnapshotGuid? guid) => guid is null ? "none" : $"guid {guid}";
}

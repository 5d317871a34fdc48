using ZfsSync.Agent.Reporting;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Agent.Execution;

/// <param name="Arrived">The guid of the target's newest snapshot, read back; null when it has none or cannot be read.</param>
/// <param name="HasEnd">Whether the target holds the plan's last snapshot.</param>
internal sealed record Concluded(SnapshotGuid? Arrived, bool HasEnd, Tidiness Tidiness)
{
    /// <summary>Whether no hold of ours is left on the source.</summary>
    public bool IsTidy => Tidiness == Tidiness.Tidy;
}

/// <summary>
/// What is done after every execution, however it ended, and after a crash: reads back what really arrived, marks it on
/// the source, and releases the holds; and removes the parents made for a copy that did not come, or moved. Safe to repeat.
/// </summary>
internal sealed class Conclusion(
    EdgeMarks marks,
    HostAccess hosts,
    SourceReader sources,
    TargetReader targets,
    Placeholders placeholders,
    ReportLoop reports,
    AgentLog log
)
{
    /// <param name="source">The source's lists as the run knew them, which saves reading them again; null when nobody remembers.</param>
    public async Task<Concluded> ConcludeAsync(Instruction plan, SourceLists? source, CancellationToken cancellation)
    {
        if (
            plan.Repair is { Kind: RepairKind.FollowRename, RenameFrom: { } from }
            && DatasetName.TryParse(from, out var moved)
        )
            await LeaveAsync(plan, moved, cancellation);
        var copy = await ReadBackAsync(plan, cancellation);
        if (copy is { Count: 0 })
            await LeaveAsync(plan, hosts.Dataset(plan.Target), cancellation);
        var arrived = copy is [.., var newest] ? newest.Guid : (SnapshotGuid?)null;
        var hasEnd = plan.Steps is [.., var last] && copy?.Any(snapshot => snapshot.Guid == last.ToGuid) == true;
        return new Concluded(
            arrived,
            hasEnd,
            plan.Steps.Count == 0 ? Tidiness.Tidy : await TidyAsync(plan, source, arrived, cancellation)
        );
    }

    private async Task LeaveAsync(Instruction plan, DatasetName place, CancellationToken cancellation)
    {
        try
        {
            await placeholders.RemoveEmptyAsync(plan, place, cancellation);
        }
        catch (Exception fault) when (IsExpected(fault))
        {
            log(AgentLogLevel.Warning, $"Empty parents of {place} were not removed: {fault.Message}");
        }
    }

    /// <summary>This host's datasets are reported as soon as they are read: the proof, before the outcome.</summary>
    /// <returns>Empty when it is not there; null when it cannot be read.</returns>
    private async Task<IReadOnlyList<Snapshot>?> ReadBackAsync(Instruction plan, CancellationToken cancellation)
    {
        try
        {
            var copy = plan.Target.SshHostname is null
                ? await reports.ReportAsync(hosts.Dataset(plan.Target), cancellation)
                : await targets.ReadAsync(plan, cancellation);
            return copy?.Snapshots ?? [];
        }
        catch (Exception fault) when (IsExpected(fault))
        {
            log(AgentLogLevel.Warning, $"{plan.Target.Dataset} could not be read back: {fault.Message}");
            return null;
        }
    }

    private async Task<Tidiness> TidyAsync(
        Instruction plan,
        SourceLists? known,
        SnapshotGuid? arrived,
        CancellationToken cancellation
    )
    {
        if (known is not null && await TryTidyAsync(plan, known, arrived, cancellation))
            return Tidiness.Tidy;
        SourceLists? source = null;
        try
        {
            source = await sources.ReadAsync(plan, cancellation);
        }
        catch (RefusedException)
        {
            // Destroyed, or renamed: then the holds went along.
        }
        catch (Exception fault) when (IsExpected(fault))
        {
            log(
                AgentLogLevel.Warning,
                $"{plan.Source.Dataset} could not be reached to release its holds; that is tried again later: {fault.Message}"
            );
            return fault is ToolException { Kind: ToolErrorKind.Unreachable } ? Tidiness.SourceAway : Tidiness.NotYet;
        }
        if (source is not null)
            await AnchorAsync(plan, source, arrived, cancellation);
        try
        {
            await (
                source is null
                    ? marks.ReleaseWhereverAsync(plan, cancellation)
                    : marks.ReleaseAsync(plan, source, cancellation)
            );
            return Tidiness.Tidy;
        }
        catch (Exception fault) when (IsExpected(fault))
        {
            log(AgentLogLevel.Warning, $"The holds on {plan.Source.Dataset} were not released yet: {fault.Message}");
            // Without the permission to hold there are none, and asking again would not change that.
            return fault is ToolException { Kind: ToolErrorKind.Permission } ? Tidiness.Tidy : Tidiness.NotYet;
        }
    }

    /// <summary>Most runs end as planned; whatever else it is shows when the source is read again.</summary>
    private async Task<bool> TryTidyAsync(
        Instruction plan,
        SourceLists source,
        SnapshotGuid? arrived,
        CancellationToken cancellation
    )
    {
        try
        {
            return arrived is { } guid
                && IsOfThisPlan(plan, source, guid)
                && await marks.TryFinishAsync(plan, source, guid, cancellation);
        }
        catch (Exception fault) when (IsExpected(fault))
        {
            return false;
        }
    }

    /// <summary>What arrived, not what was intended.</summary>
    private async Task AnchorAsync(
        Instruction plan,
        SourceLists source,
        SnapshotGuid? arrived,
        CancellationToken cancellation
    )
    {
        if (arrived is null || !IsOfThisPlan(plan, source, arrived.Value))
            return;
        try
        {
            await marks.AnchorAsync(plan, source, arrived.Value, cancellation);
        }
        catch (Exception fault) when (IsExpected(fault))
        {
            log(
                AgentLogLevel.Warning,
                $"{source.Dataset} has no bookmark of what arrived; if its snapshot is destroyed, the next increment has no base: {fault.Message}"
            );
        }
    }

    /// <summary>syncoid also brings what came after the plan.</summary>
    private static bool IsOfThisPlan(Instruction plan, SourceLists source, SnapshotGuid arrived) =>
        plan.Engine == TransferEngine.Syncoid
            ? arrived != plan.TargetNewestGuid
            : Expectations.Arriving(plan, source).Any(snapshot => snapshot.Guid == arrived);

    /// <summary>A name that is too long for the bookmark is a FormatException.</summary>
    private static bool IsExpected(Exception fault) =>
        fault is ToolException or OperationCanceledException or FormatException or RefusedException;
}

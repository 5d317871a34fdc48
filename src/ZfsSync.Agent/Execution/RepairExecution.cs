using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Agent.Execution;

/// <summary>Carries out an approved repair on the target. What would be destroyed is listed just before, and all of it must be approved.</summary>
internal sealed class RepairExecution(HostAccess hosts, TargetReader targets, Placeholders placeholders, AgentLog log)
{
    /// <exception cref="RefusedException">The facts are not as the plan expects, or more than approved would be destroyed.</exception>
    /// <exception cref="ToolException">zfs refuses.</exception>
    public async Task RunAsync(Instruction plan, ExecutionProgress progress, CancellationToken cancellation)
    {
        var repair = plan.Repair ?? throw Unsupported("The repair is missing.");
        var target = await targets.ReadAsync(plan, cancellation);
        RefuseStale(Expectations.RepairFault(plan, repair, target));
        log(AgentLogLevel.Information, $"Repairing {plan.Target.Dataset}: {repair.Kind}.");
        if (plan.AbortToken is not null)
        {
            await AbortAsync(plan, progress, cancellation);
            // Aborting a first receive removes the dataset that it was making.
            target = await targets.ReadAsync(plan, cancellation);
        }
        await (
            repair.Kind switch
            {
                RepairKind.AbortPartialReceive => Task.CompletedTask,
                RepairKind.FollowRename or RepairKind.ReceiveBeside => RenameAsync(
                    plan,
                    repair,
                    progress,
                    cancellation
                ),
                RepairKind.RenameTargetSnapshots => RenameSnapshotsAsync(plan, repair, target, progress, cancellation),
                RepairKind.Rollback => RollbackAsync(plan, repair, target, progress, cancellation),
                RepairKind.FullResend => DestroyAsync(plan, repair, target, progress, cancellation),
                _ => throw Unsupported($"This agent does not carry out repairs of kind {repair.Kind}."),
            }
        );
    }

    private async Task AbortAsync(Instruction plan, ExecutionProgress progress, CancellationToken cancellation)
    {
        progress.HasActed = true;
        await hosts.Of(plan.Target).AbortReceiveAsync(hosts.Dataset(plan.Target), cancellation);
    }

    private async Task RenameAsync(
        Instruction plan,
        InstructionRepair repair,
        ExecutionProgress progress,
        CancellationToken cancellation
    )
    {
        var from = Bounded(plan, repair.RenameFrom);
        var to =
            repair.Kind == RepairKind.ReceiveBeside
                ? Beside(plan, from, repair.RenameTo)
                : Bounded(plan, repair.RenameTo);
        if (await targets.ReadAsync(plan, from, cancellation) is null)
            RefuseStale($"{from} does not exist any more.");
        if (await targets.ReadAsync(plan, to, cancellation) is not null)
            RefuseStale($"{to} exists by now.");
        progress.HasActed = true;
        if (repair.Kind == RepairKind.FollowRename)
            await placeholders.EnsureParentAsync(plan, cancellation);
        await hosts.Of(plan.Target).RenameAsync(from, to, cancellation);
    }

    /// <summary>The new label follows from the guid, so that doing it twice is harmless.</summary>
    private async Task RenameSnapshotsAsync(
        Instruction plan,
        InstructionRepair repair,
        DatasetInventory? target,
        ExecutionProgress progress,
        CancellationToken cancellation
    )
    {
        var renames = target?.Snapshots.Where(snapshot => repair.RenameGuids.Contains(snapshot.Guid)).ToList() ?? [];
        if (renames.Count == 0)
            RefuseStale($"None of the snapshots to rename is on {plan.Target.Dataset} any more.");
        progress.HasActed = true;
        foreach (var snapshot in renames)
        {
            var mark = $"-aside-{snapshot.Guid.Value % 0x1_0000_0000:x8}";
            if (!snapshot.Label.EndsWith(mark, StringComparison.Ordinal))
                await hosts
                    .Of(plan.Target)
                    .RenameSnapshotAsync(
                        SnapshotName.Of(target!.Name, snapshot.Label),
                        snapshot.Label + mark,
                        cancellation
                    );
        }
    }

    private async Task RollbackAsync(
        Instruction plan,
        InstructionRepair repair,
        DatasetInventory? target,
        ExecutionProgress progress,
        CancellationToken cancellation
    )
    {
        var to = target?.Snapshots.FirstOrDefault(snapshot => snapshot.Guid == repair.RollbackToGuid);
        if (to is null)
            RefuseStale($"The snapshot to roll back to is not on {plan.Target.Dataset} any more.");
        var newer = target!.Snapshots.Where(snapshot => snapshot.CreateTxg > to!.CreateTxg).ToList();
        RefuseUnapproved(repair, newer);
        progress.HasActed = true;
        await hosts
            .Of(plan.Target)
            .RollbackAsync(SnapshotName.Of(target.Name, to!.Label), destroyNewer: newer.Count > 0, cancellation);
    }

    /// <summary>
    /// Snapshots by name first, then the dataset without -r: what came since the listing, and what is below, makes zfs
    /// refuse instead of going with it.
    /// </summary>
    private async Task DestroyAsync(
        Instruction plan,
        InstructionRepair repair,
        DatasetInventory? target,
        ExecutionProgress progress,
        CancellationToken cancellation
    )
    {
        var zfs = hosts.Of(plan.Target);
        var dataset = hosts.Dataset(plan.Target);
        if (target is null)
            return;
        RefuseUnapproved(repair, target.Snapshots);
        var below = (await zfs.ListDatasetsAsync([dataset], cancellation))
            .Datasets.Where(d => d.Name != dataset)
            .ToList();
        if (below.Count > 0)
            throw new RefusedException(
                RefusedException.NotApproved,
                $"{dataset} has datasets below it ({below[0].Name}), which nobody approved to destroy. Rename it instead (receive beside)."
            );
        progress.HasActed = true;
        var destroyed = await zfs.DestroySnapshotsAsync(
            [.. target.Snapshots.Select(snapshot => SnapshotName.Of(dataset, snapshot.Label))],
            cancellation
        );
        if (destroyed.Blocked is [var blocked, ..])
            throw new ToolException(blocked.Kind, 1, blocked.Text, $"{blocked.Snapshot} stays: {blocked.Text}");
        await zfs.DestroyDatasetAsync(dataset, withSnapshots: false, cancellation);
    }

    private static void RefuseUnapproved(InstructionRepair repair, IReadOnlyList<Snapshot> doomed)
    {
        var approved = repair.Destroys.ToHashSet();
        if (doomed.FirstOrDefault(snapshot => !approved.Contains(snapshot.Guid)) is { } unapproved)
            throw new RefusedException(
                RefusedException.NotApproved,
                $"@{unapproved.Label} (guid {unapproved.Guid}) would be destroyed, and the approval does not name it."
            );
    }

    private DatasetName Bounded(Instruction plan, string? name)
    {
        var dataset = Named(name);
        hosts.EnsureInBounds(plan.Target, dataset);
        return dataset;
    }

    /// <summary>A member's root is put aside under the same parent, which is above the root.</summary>
    private DatasetName Beside(Instruction plan, DatasetName from, string? name)
    {
        var dataset = Named(name);
        if (dataset.Parent != from.Parent)
            hosts.EnsureInBounds(plan.Target, dataset);
        hosts.EnsureInScope(plan.Target, dataset);
        return dataset;
    }

    private static DatasetName Named(string? name) =>
        DatasetName.TryParse(name, out var dataset) ? dataset : throw Unsupported($"'{name}' is no dataset's name.");

    private static RefusedException Unsupported(string message) => new(RefusedException.Unsupported, message);

    private static void RefuseStale(string? fault)
    {
        if (fault is not null)
            throw new RefusedException(RefusedException.StalePlan, fault);
    }
}

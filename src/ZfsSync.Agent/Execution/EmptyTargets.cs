using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Agent.Execution;

/// <summary>
/// Makes sure that a full stream takes the place of nothing but an empty dataset: <c>zfs receive -F</c> does not ask. Also
/// for placeholders, which somebody may have mounted and written to.
/// </summary>
internal sealed class EmptyTargets(HostAccess hosts, AgentLog log)
{
    /// <summary>Whether the plan's first stream takes the place of what is there, or began to when it was cut.</summary>
    public async Task<bool> ReplacesAsync(Instruction plan, DatasetInventory? target, CancellationToken cancellation) =>
        plan.Steps[0].Kind switch
        {
            StepKind.Full => target is not null,
            StepKind.Resume => target is { Snapshots.Count: 0 }
                && await hosts.Of(plan.Target).HasPartialBesideAsync(target.Name, cancellation),
            _ => false,
        };

    /// <summary>
    /// Refuses when there is something in it. What had arrived beside it is then discarded: it can never take its place, and
    /// would be tried for ever.
    /// </summary>
    /// <param name="target">As just read.</param>
    /// <exception cref="RefusedException">It holds snapshots, data or files.</exception>
    public async Task EnsureAsync(Instruction plan, DatasetInventory target, CancellationToken cancellation)
    {
        if (await FaultAsync(plan, target, cancellation) is not { } fault)
            return;
        if (plan.Steps[0].Kind == StepKind.Resume)
            await hosts.Of(plan.Target).AbortReceiveAsync(target.Name, cancellation);
        throw fault;
    }

    /// <summary>Whether somebody put a file or a directory into a dataset that is empty by its size.</summary>
    public async Task<bool> HoldsFilesAsync(
        Instruction plan,
        DatasetInventory dataset,
        CancellationToken cancellation
    ) => await CountFilesAsync(plan, dataset, cancellation) > 0;

    private async Task<RefusedException?> FaultAsync(
        Instruction plan,
        DatasetInventory target,
        CancellationToken cancellation
    )
    {
        if (target.Snapshots.Count > 0)
            return Stale($"{target.Name} has snapshots by now.");
        if (!target.IsEmpty)
            return Stale($"{target.Name} is not empty any more.");
        var files = await CountFilesAsync(plan, target, cancellation);
        return files > 0
            ? new RefusedException(
                RefusedException.TargetHasFiles,
                $"{target.Name} is empty by its size, but {(files == 1 ? "a file or directory is" : $"{files} files or directories are")} in it."
            )
            : null;
    }

    private async Task<long> CountFilesAsync(Instruction plan, DatasetInventory dataset, CancellationToken cancellation)
    {
        if (dataset.Kind != DatasetKind.Filesystem)
            return 0;
        if (await hosts.Of(plan.Target).CountFilesAsync(dataset.Name, cancellation) is { } files)
            return files;
        log(
            AgentLogLevel.Warning,
            $"Only the size of {dataset.Name} says that it is empty: zfs does not tell how many files are in it. zfs-sync doctor names the missing permissions."
        );
        return 0;
    }

    private static RefusedException Stale(string text) => new(RefusedException.StalePlan, text);
}

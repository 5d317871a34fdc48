using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Agent.Execution;

/// <summary>
/// Gives a new copy a place: creates what is missing between the target's pool and the copy, the member's root too. Never a
/// pool. Takes away what no copy needs, since it moved or did not come.
/// </summary>
internal sealed class Placeholders(HostAccess hosts, TargetReader targets, EmptyTargets empties, AgentLog log)
{
    /// <exception cref="RefusedException">The pool does not exist, or what is missing is outside of this agent's scope.</exception>
    public async Task EnsureParentAsync(Instruction plan, CancellationToken cancellation)
    {
        var zfs = hosts.Of(plan.Target);
        var target = hosts.Dataset(plan.Target);
        foreach (var parent in await MissingAsync(plan, target, cancellation))
        {
            if (await zfs.CreatePlaceholderAsync(parent, cancellation))
                log(AgentLogLevel.Information, $"Created {parent} as an empty, unmounted parent of {target}.");
        }
    }

    /// <summary>
    /// Removes the placeholders above a place where no copy is, below the member's root, from the bottom up. What is not
    /// marked as ours, or holds anything (the copy after all, or its beginning), stays. Safe to repeat.
    /// </summary>
    public async Task RemoveEmptyAsync(Instruction plan, DatasetName place, CancellationToken cancellation)
    {
        var zfs = hosts.Of(plan.Target);
        var root = HostAccess.Root(plan.Target);
        for (var parent = place.Parent; parent is not null && parent != root; parent = parent.Parent)
        {
            hosts.EnsureInBounds(plan.Target, parent);
            if (await targets.ReadAsync(plan, parent, cancellation) is not { IsPlaceholder: true, IsEmpty: true } facts)
                return;
            var isAlone = (await zfs.ListDatasetsAsync([parent], cancellation)).Datasets.Count == 1;
            if (facts.Snapshots.Count > 0 || !isAlone || await empties.HoldsFilesAsync(plan, facts, cancellation))
                return;
            await zfs.DestroyDatasetAsync(parent, withSnapshots: false, cancellation);
            log(AgentLogLevel.Information, $"Removed {parent}, which was made for {place} and is empty.");
        }
    }

    /// <summary>From the top down.</summary>
    private async Task<IReadOnlyList<DatasetName>> MissingAsync(
        Instruction plan,
        DatasetName target,
        CancellationToken cancellation
    )
    {
        var missing = new Stack<DatasetName>();
        for (var parent = target.Parent; parent is not null; parent = parent.Parent)
        {
            if (await targets.ExistsAsync(plan, parent, cancellation))
                return [.. missing];
            if (parent.Depth == 0)
                throw new RefusedException(
                    RefusedException.RootMissing,
                    $"The pool {parent} does not exist on the target. Import it, or give the group's member another root."
                );
            hosts.EnsureInScope(plan.Target, parent);
            missing.Push(parent);
        }
        return [.. missing];
    }
}

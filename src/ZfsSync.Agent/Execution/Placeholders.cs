using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Execution;

/// <summary>Gives a new copy a place: creates missing parents below the member's root, never the root or anything above it.</summary>
internal sealed class Placeholders(HostAccess hosts, AgentLog log)
{
    /// <exception cref="RefusedException">The root (or, for the root itself, its parent) does not exist.</exception>
    public async Task EnsureParentAsync(Instruction plan, CancellationToken cancellation)
    {
        var zfs = hosts.Of(plan.Target);
        var target = hosts.Dataset(plan.Target);
        foreach (var parent in await MissingAsync(zfs, target, HostAccess.Root(plan.Target), cancellation))
        {
            if (await zfs.CreatePlaceholderAsync(parent, cancellation))
                log(AgentLogLevel.Information, $"Created {parent} as an empty, unmounted parent of {target}.");
        }
    }

    /// <summary>From the top down.</summary>
    private static async Task<IReadOnlyList<DatasetName>> MissingAsync(
        ZfsHost zfs,
        DatasetName target,
        DatasetName root,
        CancellationToken cancellation
    )
    {
        var missing = new Stack<DatasetName>();
        for (var parent = target.Parent; parent is not null; parent = parent.Parent)
        {
            if (await zfs.FindDatasetAsync(parent, cancellation) is not null)
                return [.. missing];
            if (!parent.IsAtOrBelow(root) || parent == root)
                throw new RefusedException(
                    RefusedException.RootMissing,
                    $"{parent} does not exist on the target, and zfs-sync creates nothing above a member's root. Create it: zfs create -p {parent}"
                );
            missing.Push(parent);
        }
        return [.. missing];
    }
}

using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>
/// Whether a new copy has a place to arrive at, and what must arrive before it. The executing agent makes every missing
/// dataset between the target's pool and the copy an unmounted placeholder, the member's root too; a pool it cannot make.
/// </summary>
internal sealed class CopyPlace(UnitFacts facts)
{
    /// <summary>Why an edge stands still while a pool of it is not reported: what is known of it may be all there, elsewhere.</summary>
    public Nothing? PoolMissing(EdgeKey key) => PoolMissing(key.Source) ?? PoolMissing(key.Target);

    private Nothing? PoolMissing(Place place)
    {
        var host = facts.Hosts[place.SystemId];
        return host.MissingPools.Contains(place.Root.Pool)
            ? new Nothing(
                ReasonCode.PoolMissing,
                $"{host.Hostname} does not report its pool {place.Root.Pool} any more: import it there. If it is gone for good, DELETE snapshots/system/{host.Id} forgets what is known, and the next report brings back the rest."
            )
            : null;
    }

    /// <summary>
    /// Why nothing can be received below the member's root; null when it is there or can be made. Of a host that reports by
    /// script only datasets with snapshots are known, so that nothing can be said to be missing.
    /// </summary>
    public Nothing? RootMissing(EdgeKey key)
    {
        var (host, root) = (facts.Hosts[key.Target.SystemId], key.Target.Root);
        if (facts.Dataset(host.Id, key.TargetDataset) is not null || facts.Dataset(host.Id, root.Value) is not null)
            return null;
        if (!IsPoolThere(host, root))
            return Missing(
                host.Pools.Count == 0
                    ? $"{host.Hostname} reports no pools: import {root.Pool} there, or see why its report has none."
                    : $"{host.Hostname} reports no {root.Pool}, only {string.Join(", ", host.Pools)}: import the pool {root.Pool}, or give the member another root."
            );
        // A copy of the root makes the root; a script makes nothing else.
        var first = key.LogicalDataset.Length == 0 ? root.Parent ?? root : root;
        return
            !host.HasAgent
            || InstructionDraft.Executor(key, facts).HasAgent
            || facts.Dataset(host.Id, first.Value) is not null
            ? null
            : Missing(
                $"{host.Hostname} has no {first}, and a script does not make it: zfs create -p -o canmount=off {first}"
            );
    }

    /// <summary>
    /// The nearest logical dataset above that this group replicates too, of which nothing has arrived whole, and that must
    /// arrive first. One that has nothing to send does not count. Where nothing is, a placeholder would stand in its way;
    /// where its first receive runs or was cut, zfs could not take that back any more with a dataset below it.
    /// </summary>
    public string? AncestorWaitedFor(EdgeKey key)
    {
        foreach (var above in LogicalName.AncestorsOf(key.LogicalDataset))
        {
            var name = key.Target.NameOf(above);
            var isThere = facts.Dataset(key.Target.SystemId, name) is not null;
            if (isThere && !IsReceived(key.Target.SystemId, name))
                return null;
            if (
                facts.AncestorEdges.Any(e =>
                    IsOnTheWay(e, key.Target.SystemId, name) && (!isThere || e.View.Target is not { Count: > 0 })
                )
            )
                return above;
            if (isThere)
                return null;
        }
        return null;
    }

    /// <summary>Whether a receive into it runs, or was cut.</summary>
    private bool IsReceived(Guid system, string dataset) =>
        facts.Receiving.Contains((system, dataset)) || facts.Dataset(system, dataset)?.ReceiveResumeToken is not null;

    private static bool IsOnTheWay(EdgeRow edge, Guid target, string dataset) =>
        edge.TargetSystemId == target
        && edge.TargetDataset == dataset
        && edge.Reason
            is not (ReasonCode.NoSourceSnapshots or ReasonCode.NoSelectedSnapshots or ReasonCode.SourceDatasetMissing);

    private bool IsPoolThere(HostFacts host, DatasetName root)
    {
        for (var above = root.Parent; above is not null; above = above.Parent)
        {
            if (facts.Dataset(host.Id, above.Value) is not null)
                return true;
        }
        return host.Pools.Contains(root.Pool);
    }

    private static Nothing Missing(string text) => new(ReasonCode.TargetRootMissing, text);
}

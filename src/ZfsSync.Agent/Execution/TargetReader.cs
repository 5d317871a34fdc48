using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Execution;

/// <summary>Reads datasets of the target side with their snapshots.</summary>
internal sealed class TargetReader(HostAccess hosts)
{
    /// <summary>The plan's target as it is now; null when it does not exist.</summary>
    public Task<DatasetInventory?> ReadAsync(Instruction plan, CancellationToken cancellation) =>
        ReadAsync(plan, hosts.Dataset(plan.Target), cancellation);

    /// <summary>Any dataset of the target's host.</summary>
    public async Task<DatasetInventory?> ReadAsync(
        Instruction plan,
        DatasetName dataset,
        CancellationToken cancellation
    )
    {
        var zfs = hosts.Of(plan.Target);
        if (await zfs.FindDatasetAsync(dataset, cancellation) is not { } facts)
            return null;
        var features = await hosts.FeaturesAsync(zfs, cancellation);
        var snapshots = await zfs.ListSnapshotsAsync(features, SnapshotDetail.Identity, [dataset], cancellation);
        return snapshots.Missing.Count > 0 ? null : facts with { Snapshots = snapshots.Of(dataset) };
    }
}

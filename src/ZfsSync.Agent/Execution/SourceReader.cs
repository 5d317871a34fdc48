using System.Collections.Concurrent;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Execution;

/// <summary>Reads the lists of the source side; what is asked for at the same time is read together.</summary>
internal sealed class SourceReader(HostAccess hosts, Companions companions, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Gathering<DatasetName, SourceLists?>> _lists = new(
        StringComparer.Ordinal
    );
    private readonly ConcurrentDictionary<string, Gathering<DatasetName, IReadOnlyList<Snapshot>>> _held = new(
        StringComparer.Ordinal
    );

    /// <summary>The plan's source as it is now.</summary>
    /// <exception cref="RefusedException">It does not exist.</exception>
    public async Task<SourceLists> ReadAsync(Instruction plan, CancellationToken cancellation)
    {
        var zfs = hosts.Of(plan.Source);
        var dataset = hosts.Dataset(plan.Source);
        return await _lists
                .GetOrAdd(HostAccess.KeyOf(zfs), _ => new(companions, time))
                .AskAsync(dataset, (datasets, stop) => ListsAsync(zfs, datasets, stop), cancellation)
            ?? throw new RefusedException(
                RefusedException.StalePlan,
                $"{dataset} does not exist any more on the source."
            );
    }

    /// <summary>Those of the plan's source that somebody holds. Opens each snapshot.</summary>
    public Task<IReadOnlyList<Snapshot>> ReadHeldAsync(Instruction plan, CancellationToken cancellation)
    {
        var zfs = hosts.Of(plan.Source);
        return _held
            .GetOrAdd(HostAccess.KeyOf(zfs), _ => new(companions, time))
            .AskAsync(hosts.Dataset(plan.Source), (datasets, stop) => HeldAsync(zfs, datasets, stop), cancellation);
    }

    private async Task<Func<DatasetName, SourceLists?>> ListsAsync(
        ZfsHost zfs,
        IReadOnlyList<DatasetName> datasets,
        CancellationToken cancellation
    )
    {
        var features = await hosts.FeaturesAsync(zfs, cancellation);
        var (snapshots, bookmarks) = await zfs.ListListsAsync(features, datasets, cancellation);
        return dataset =>
            snapshots.Missing.Contains(dataset)
                ? null
                : new SourceLists(dataset, snapshots.Of(dataset), bookmarks.Of(dataset));
    }

    private async Task<Func<DatasetName, IReadOnlyList<Snapshot>>> HeldAsync(
        ZfsHost zfs,
        IReadOnlyList<DatasetName> datasets,
        CancellationToken cancellation
    )
    {
        var features = await hosts.FeaturesAsync(zfs, cancellation);
        var detailed = await zfs.ListSnapshotsAsync(features, SnapshotDetail.Full, datasets, cancellation);
        return dataset => [.. detailed.Of(dataset).Where(snapshot => snapshot.Holds > 0)];
    }
}

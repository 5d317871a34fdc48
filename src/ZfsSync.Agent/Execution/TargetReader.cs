using System.Collections.Concurrent;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Execution;

/// <param name="Dataset">Null when it does not exist.</param>
/// <param name="HasParent">Whether the dataset above it exists.</param>
internal sealed record TargetFacts(DatasetInventory? Dataset, bool HasParent);

/// <summary>Reads datasets of the target side with their snapshots; what is asked for at the same time is read together.</summary>
internal sealed class TargetReader(HostAccess hosts, Companions companions, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Gathering<DatasetName, TargetFacts>> _ofHosts = new(
        StringComparer.Ordinal
    );

    private readonly ConcurrentDictionary<string, Gathering<DatasetName, bool>> _parents = new(StringComparer.Ordinal);

    /// <summary>The plan's target as it is now; null when it does not exist.</summary>
    public Task<DatasetInventory?> ReadAsync(Instruction plan, CancellationToken cancellation) =>
        ReadAsync(plan, hosts.Dataset(plan.Target), cancellation);

    /// <summary>Any dataset of the target's host.</summary>
    public async Task<DatasetInventory?> ReadAsync(
        Instruction plan,
        DatasetName dataset,
        CancellationToken cancellation
    ) => (await LookAsync(plan, dataset, cancellation)).Dataset;

    /// <summary>The same, and whether there is a place for it.</summary>
    public Task<TargetFacts> LookAsync(Instruction plan, DatasetName dataset, CancellationToken cancellation)
    {
        var zfs = hosts.Of(plan.Target);
        return _ofHosts
            .GetOrAdd(HostAccess.KeyOf(zfs), _ => new(companions, time))
            .AskAsync(dataset, (datasets, stop) => LookAsync(zfs, datasets, stop), cancellation);
    }

    /// <summary>Whether a dataset is there on the target's host.</summary>
    public Task<bool> ExistsAsync(Instruction plan, DatasetName dataset, CancellationToken cancellation)
    {
        var zfs = hosts.Of(plan.Target);
        return _parents
            .GetOrAdd(HostAccess.KeyOf(zfs), _ => new(companions, time))
            .AskAsync(dataset, Together, cancellation);

        async Task<Func<DatasetName, bool>> Together(IReadOnlyList<DatasetName> datasets, CancellationToken stop)
        {
            var found = await zfs.FindDatasetsAsync(datasets, stop);
            return name => found.Any(facts => facts.Name == name);
        }
    }

    private async Task<Func<DatasetName, TargetFacts>> LookAsync(
        ZfsHost zfs,
        IReadOnlyList<DatasetName> datasets,
        CancellationToken cancellation
    )
    {
        var withParents = datasets.Concat(datasets.Select(dataset => dataset.Parent).OfType<DatasetName>()).Distinct();
        var found = (await zfs.FindDatasetsAsync([.. withParents], cancellation)).ToDictionary(facts => facts.Name);
        var there = datasets.Where(found.ContainsKey).ToList();
        if (there.Count == 0)
            return dataset => new TargetFacts(null, HasParent(dataset));
        var features = await hosts.FeaturesAsync(zfs, cancellation);
        var snapshots = await zfs.ListSnapshotsAsync(features, SnapshotDetail.Identity, there, cancellation);
        return dataset => new TargetFacts(
            found.GetValueOrDefault(dataset) is { } facts && !snapshots.Missing.Contains(dataset)
                ? facts with
                {
                    Snapshots = snapshots.Of(dataset),
                }
                : null,
            HasParent(dataset)
        );

        bool HasParent(DatasetName dataset) => dataset.Parent is { } parent && found.ContainsKey(parent);
    }
}

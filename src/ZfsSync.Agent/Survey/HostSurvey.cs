using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Survey;

/// <summary>
/// Reads this host's inventory, at the price of what changed: an unchanged host costs two processes, whatever its size.
/// One lists the datasets with their facts and with the time at which each list of snapshots changed; the other lists
/// bookmarks, of which nothing else tells (before 2.2: the names of both). Lists are read again only where these differ.
/// </summary>
/// <param name="zfs">This host's.</param>
/// <param name="scope">Pools or datasets, each with everything below; empty for all.</param>
internal sealed class HostSurvey(ZfsHost zfs, IReadOnlyList<DatasetName> scope, TimeProvider time, AgentLog log)
{
    /// <summary>Holds show nowhere, and before 2.2 neither do two snapshots that swapped names: each list is read anew this often.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromHours(1);

    /// <summary>
    /// Capacity. That survey tells the bookmarks of the last one, so that it costs no third process; before 2.2 it does, for
    /// nothing but the names shows that a snapshot is gone, and what is gone proves nothing.
    /// </summary>
    private static readonly TimeSpan ReadPoolsAfter = TimeSpan.FromMinutes(10);

    private readonly ListReader _lists = new(zfs, time, log);
    private readonly HashSet<string> _warnedOf = new(StringComparer.Ordinal);
    private ZfsFeatures? _features;
    private IReadOnlyList<PoolFacts>? _pools;
    private DateTimeOffset _poolsReadAt;
    private DateTimeOffset _forgottenAt = time.GetUtcNow();

    /// <summary>What was held when everything was read anew: a new list each time; null from when that is forgotten until it is read again.</summary>
    public IReadOnlyList<SnapshotName>? Held { get; private set; }

    /// <summary>The whole scope.</summary>
    /// <exception cref="ToolException">Not even the datasets could be listed: nothing is known.</exception>
    public async Task<HostInventory> ReadAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (now - _forgottenAt >= ForgetAfter || now < _forgottenAt)
            Forget();
        var listing = await ListAsync([], cancellation);
        foreach (var name in listing.Unreadable.Where(_warnedOf.Add))
            log(AgentLogLevel.Warning, $"'{name}' is left out: the name is not one that can be replicated.");
        var imported = listing.Datasets.Select(dataset => dataset.Name.Pool).Distinct(StringComparer.Ordinal).ToList();
        var readPools = now - _poolsReadAt >= ReadPoolsAfter || !IsAllPools(imported);
        var ours = listing with { Datasets = [.. listing.Datasets.Where(dataset => IsInScope(dataset.Name))] };
        var lists = await _lists.ReadAllAsync(
            _features!,
            ours,
            asksAll: !readPools || _lists.KnowsNothing || !_features!.HasSnapshotsChanged,
            cancellation
        );
        if (Held is null && lists.IsComplete)
            Held = HeldIn(lists);
        if (readPools)
            await ReadPoolsAsync(cancellation);
        return Inventory(SpokenFor(imported), lists);
    }

    /// <summary>Some datasets, each with everything below it, always read anew.</summary>
    /// <returns>Null when all are out of scope, or the pool of the only one is not there, so that nothing can be said.</returns>
    /// <exception cref="ToolException">They could not be read; of several, <see cref="ToolErrorKind.Gone"/> also when one does not exist.</exception>
    public async Task<HostInventory?> ReadAsync(IReadOnlyList<DatasetName> datasets, CancellationToken cancellation)
    {
        var ours = datasets.Where(IsInScope).ToList();
        var roots = ours.Where(one => !ours.Exists(other => one != other && one.IsAtOrBelow(other))).ToList();
        if (roots.Count == 0)
            return null;
        DatasetListing listing;
        try
        {
            listing = await ListAsync(roots, cancellation);
        }
        catch (ToolException fault) when (fault.Kind == ToolErrorKind.Gone && roots.Count == 1)
        {
            await ReadPoolsAsync(cancellation);
            if (IsUnknownPool(roots[0].Pool))
                return null;
            listing = new DatasetListing([], []);
        }
        return Inventory(
            [.. roots.Select(root => root.Value)],
            await _lists.ReadSomeAsync(_features!, listing, cancellation)
        );
    }

    /// <summary>The next survey reads everything, as after a start.</summary>
    public void Forget()
    {
        _forgottenAt = time.GetUtcNow();
        Held = null;
        _lists.Forget();
    }

    private static List<SnapshotName> HeldIn(ListsRead lists) =>
        [
            .. lists.Datasets.SelectMany(dataset =>
                dataset
                    .Facts.Snapshots.Where(snapshot => snapshot.Holds > 0)
                    .Select(snapshot => SnapshotName.Of(dataset.Facts.Name, snapshot.Label))
            ),
        ];

    private bool IsInScope(DatasetName dataset) => scope.Count == 0 || scope.Any(dataset.IsAtOrBelow);

    private bool IsUnknownPool(string pool) => _pools?.Any(known => known.Name == pool) is not true;

    /// <summary>Every pool has a root dataset: whoever is listed without the other has come or gone since.</summary>
    private bool IsAllPools(List<string> imported) =>
        _pools is not null && _pools.Select(pool => pool.Name).ToHashSet(StringComparer.Ordinal).SetEquals(imported);

    /// <summary>A pool that is not imported is not spoken for: its copies have not vanished.</summary>
    private IReadOnlyList<string> SpokenFor(IReadOnlyList<string> imported) =>
        scope.Count == 0
            ? imported
            : [.. scope.Where(root => imported.Contains(root.Pool, StringComparer.Ordinal)).Select(root => root.Value)];

    private async Task<DatasetListing> ListAsync(IReadOnlyList<DatasetName> roots, CancellationToken cancellation)
    {
        _features ??= await zfs.DetectAsync(cancellation);
        try
        {
            return await zfs.SurveyDatasetsAsync(_features, roots, cancellation);
        }
        catch (ToolException fault) when (fault.Kind == ToolErrorKind.Unsupported)
        {
            // The release may have changed under a running agent.
            _features = await zfs.DetectAsync(cancellation);
            return await zfs.SurveyDatasetsAsync(_features, roots, cancellation);
        }
    }

    private async Task ReadPoolsAsync(CancellationToken cancellation)
    {
        try
        {
            _pools = await zfs.ListPoolsAsync(cancellation);
            _poolsReadAt = time.GetUtcNow();
        }
        catch (ToolException fault)
        {
            log(AgentLogLevel.Warning, $"The pools could not be listed: {fault.Message}");
        }
    }

    private HostInventory Inventory(IReadOnlyList<string> spokenFor, ListsRead lists) =>
        new()
        {
            Scope = spokenFor,
            IsComplete = lists.IsComplete,
            Datasets = lists.Datasets,
            Pools = _pools,
            ZfsVersion = _features!.UserlandText,
        };
}

using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Zfs;

/// <summary>
/// The ZFS of one host, this one or another: commands out (<see cref="ZfsCommands"/>), records in. Keeps no state. Every
/// method throws <see cref="ToolException"/>, with a kind from <see cref="ErrorClassifier"/>, when zfs refuses; what is
/// told as an outcome instead says so. This part reads.
/// </summary>
/// <param name="runner">Runs the commands.</param>
/// <param name="on">The host to reach over ssh; null for this one.</param>
public sealed partial class ZfsHost(ICommandRunner runner, SshTarget? on = null)
{
    /// <summary>The host it speaks for; null for this one.</summary>
    public SshTarget? On { get; } = on;

    /// <summary>What its ZFS can do. Ask once per connection and when a command turns out <see cref="ToolErrorKind.Unsupported"/>.</summary>
    /// <exception cref="ToolException"><see cref="ToolErrorKind.NotInstalled"/>: no ZFS, or its module is not loaded.</exception>
    public async Task<ZfsFeatures> DetectAsync(CancellationToken cancellation)
    {
        var command = ZfsCommands.Version();
        var result = await RunAsync(command, cancellation);
        return
            VersionParser.TryParse(result.Output, out var features) && (result.ExitCode == 0 || features.Kernel is null)
            ? features
            : throw Failure(command, result);
    }

    /// <summary>The imported pools, by name.</summary>
    public async Task<IReadOnlyList<PoolFacts>> ListPoolsAsync(CancellationToken cancellation)
    {
        var command = ZfsCommands.Pools();
        return Parsed(command, PoolParser.Parse, await OutputAsync(command, cancellation));
    }

    /// <summary>
    /// All datasets of all pools with their facts, in one process, or those at or below <paramref name="roots"/>. Snapshots and bookmarks are
    /// asked for apart.
    /// </summary>
    /// <exception cref="ToolException"><see cref="ToolErrorKind.Gone"/>: a root does not exist.</exception>
    public async Task<DatasetListing> ListDatasetsAsync(
        IReadOnlyList<DatasetName> roots,
        CancellationToken cancellation
    )
    {
        var command = ZfsCommands.Datasets(roots);
        return Parsed(command, DatasetParser.Parse, await OutputAsync(command, cancellation));
    }

    /// <summary><see cref="ListDatasetsAsync"/>, and with it when each list of snapshots last changed, where the release tells.</summary>
    /// <exception cref="ToolException"><see cref="ToolErrorKind.Gone"/>: a root does not exist.</exception>
    public async Task<DatasetListing> SurveyDatasetsAsync(
        ZfsFeatures features,
        IReadOnlyList<DatasetName> roots,
        CancellationToken cancellation
    )
    {
        var command = ZfsCommands.Survey(features, roots);
        return Parsed(command, DatasetParser.Parse, await OutputAsync(command, cancellation));
    }

    /// <summary>One dataset's facts, or null when it does not exist.</summary>
    public async Task<DatasetInventory?> FindDatasetAsync(DatasetName dataset, CancellationToken cancellation) =>
        (await FindDatasetsAsync([dataset], cancellation)).SingleOrDefault();

    /// <summary>The facts of those of the datasets that exist.</summary>
    public async Task<IReadOnlyList<DatasetInventory>> FindDatasetsAsync(
        IReadOnlyCollection<DatasetName> datasets,
        CancellationToken cancellation
    )
    {
        var found = new List<DatasetInventory>();
        foreach (var batch in ArgumentBatches.Of(datasets.Select(dataset => dataset.Value)))
        {
            var command = ZfsCommands.Get([.. ZfsCommands.DatasetProperties.Split(',')], batch);
            var (output, _) = await OutputOfExistingAsync(command, cancellation);
            found.AddRange(Parsed(command, DatasetParser.Parse, output).Datasets);
        }
        return found;
    }

    /// <summary>The few facts of all datasets that tell what must be looked at again: one process, whatever the host's size.</summary>
    /// <returns>By name. Datasets with unreadable names are left out; <see cref="ListDatasetsAsync"/> names them.</returns>
    public async Task<IReadOnlyList<DatasetWatch>> WatchAsync(ZfsFeatures features, CancellationToken cancellation)
    {
        var command = ZfsCommands.Watch(features);
        return Parsed(command, WatchParser.Parse, await OutputAsync(command, cancellation));
    }

    /// <summary>
    /// The names of all snapshots, sorted: before 2.2 the one cheap question whether anything changed. <paramref name="onName"/> gets one full
    /// name at a time.
    /// </summary>
    public async Task ListSnapshotNamesAsync(Action<string> onName, CancellationToken cancellation)
    {
        var command = ZfsCommands.SnapshotNames().At(On);
        Checked(command, await runner.RunAsync(command, onName, cancellation));
    }

    /// <summary>The names of all snapshots and bookmarks, sorted, one full name at a time: before 2.2 the cheapest way to see whether any list changed.</summary>
    public async Task ListNamesAsync(Action<string> onName, CancellationToken cancellation)
    {
        var command = ZfsCommands.Names().At(On);
        Checked(command, await runner.RunAsync(command, onName, cancellation));
    }

    /// <summary>Properties of datasets or snapshots, as zfs prints them. Objects that do not exist are left out.</summary>
    public async Task<IReadOnlyList<PropertyValue>> GetPropertiesAsync(
        IReadOnlyList<string> properties,
        IReadOnlyList<string> objects,
        CancellationToken cancellation
    )
    {
        var values = new List<PropertyValue>();
        foreach (var batch in ArgumentBatches.Of(objects))
        {
            var command = ZfsCommands.Get(properties, batch);
            var (output, _) = await OutputOfExistingAsync(command, cancellation);
            values.AddRange(Parsed(command, PropertyParser.Parse, output));
        }
        return values;
    }

    /// <summary>Who may do what on a dataset, with what it inherits from those above it.</summary>
    public async Task<IReadOnlyList<PermissionGrant>> ListPermissionsAsync(
        DatasetName dataset,
        CancellationToken cancellation
    )
    {
        var command = ZfsCommands.Permissions(dataset);
        return Parsed(command, PermissionParser.Parse, await OutputAsync(command, cancellation));
    }
}

using ZfsSync.Simulation.Model;
using ZfsSync.Simulation.Streams;

namespace ZfsSync.Simulation.Zfs;

/// <summary>Properties and holds after a receive: from the stream, from -o and without -x.</summary>
internal static class ReceivedProperties
{
    private static readonly string[] OfEncryption = ["encryption", "keyformat", "keylocation", "pbkdf2iters"];

    /// <summary>Of the snapshot, when all of it is here.</summary>
    public static void Apply(
        ZfsCall call,
        ReceiveRequest request,
        SendStream stream,
        StreamBegin begin,
        SimSnapshot snapshot
    )
    {
        if (stream.PackageOf(begin.SourceDataset) is { } package)
        {
            snapshot.Properties.Receive(
                package.SnapshotProperties.GetValueOrDefault(begin.SnapshotName) ?? [],
                isNew: true
            );
            if (!request.SkipsHolds)
            {
                foreach (var tag in package.SnapshotHolds.GetValueOrDefault(begin.SnapshotName) ?? [])
                    snapshot.HoldSecondsByTag[tag] = call.Host.NowSeconds;
            }
        }
    }

    /// <summary>
    /// Of the dataset: a new one has them before its first byte. What is set on it is not excluded. -o sets on the top,
    /// from which the others inherit.
    /// </summary>
    public static void Apply(
        ZfsCall call,
        ReceiveRequest request,
        SendStream stream,
        StreamBegin begin,
        SimDataset dataset,
        bool isTop
    )
    {
        var excluded = request.Excluded.Where(name => IsExcluded(call.Host, dataset, name)).ToList();
        if (stream.PackageOf(begin.SourceDataset) is { HasProperties: true } package)
            dataset.Properties.Receive(package.Properties, isNew: dataset.Snapshots.Count == 0);
        foreach (var (name, value) in request.Properties.Where(property => !OfEncryption.Contains(property.Name)))
        {
            if (!isTop)
                dataset.Properties.Inherit(name, backToReceived: false);
            else if (call.May(dataset, PropertyCommands.PermissionFor(name)))
                dataset.Properties.Set(name, value);
            else
                call.Warn($"cannot receive {name} property on {dataset.FullName}: permission denied");
        }
        foreach (var name in excluded.Where(name => !OfEncryption.Contains(name)))
            dataset.Properties.Inherit(name, backToReceived: false);
    }

    /// <summary>2.1 also keeps what is inherited or the default.</summary>
    private static bool IsExcluded(HostState host, SimDataset dataset, string name)
    {
        if (dataset.Snapshots.Count == 0)
            return true;
        if (host.Release.IsAtLeast(2, 2))
            return !dataset.Properties.Local.ContainsKey(name);
        var source = NativeProperties.Find(host.Release, name) is { } native
            ? PropertyValues.Native(host, dataset, native).Source
            : PropertyValues.User(dataset, name).Source;
        return source is "received" or "-";
    }
}

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
            foreach (var (name, value) in package.SnapshotProperties.GetValueOrDefault(begin.SnapshotName) ?? [])
                snapshot.Properties.Received[name] = value;
            if (!request.SkipsHolds)
            {
                foreach (var tag in package.SnapshotHolds.GetValueOrDefault(begin.SnapshotName) ?? [])
                    snapshot.HoldSecondsByTag[tag] = call.Host.NowSeconds;
            }
        }
    }

    /// <summary>Of the dataset: a new one has them before its first byte.</summary>
    public static void Apply(
        ZfsCall call,
        ReceiveRequest request,
        SendStream stream,
        StreamBegin begin,
        SimDataset dataset
    )
    {
        if (stream.PackageOf(begin.SourceDataset) is { } package)
        {
            if (package.HasProperties)
                dataset.Properties.Received.Clear();
            foreach (var (name, value) in package.Properties)
                dataset.Properties.Received[name] = value;
        }
        foreach (var (name, value) in request.Properties.Where(property => !OfEncryption.Contains(property.Name)))
        {
            if (call.May(dataset, PropertyCommands.PermissionFor(name)))
                dataset.Properties.Set(name, value);
            else
                call.Warn($"cannot receive {name} property on {dataset.FullName}: permission denied");
        }
        foreach (var name in request.Excluded.Where(name => !OfEncryption.Contains(name)))
            dataset.Properties.Inherit(name, backToReceived: false);
    }
}

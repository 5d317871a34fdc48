using System.Collections.Immutable;
using ZfsSync.Simulation.Model;
using ZfsSync.Simulation.Streams;

namespace ZfsSync.Simulation.Zfs;

/// <summary>Makes the parts of a stream from what the source has.</summary>
internal static class StreamParts
{
    /// <summary>Properties that do not travel: they say where, not what.</summary>
    private static readonly string[] NotSent = ["keylocation", "keyformat", "pbkdf2iters", "encryption", "volsize"];

    public static ImmutableSortedDictionary<string, FileVersion>? FilesOf(SimNode? node) =>
        node switch
        {
            SimSnapshot snapshot => snapshot.Files,
            SimBookmark bookmark => bookmark.Files,
            _ => null,
        };

    public static StreamPart Between(SendRequest request, SimSnapshot to, SimNode? from, bool isClone)
    {
        var dataset = to.Owner;
        var hasLarge = request.HasLargeBlocks && dataset.HasLargeBlocks;
        var isRaw = request.IsRaw && dataset.Encryption is not null;
        var begin = new StreamBegin(to.Guid, from?.Guid ?? 0, to.FullName)
        {
            IsRaw = isRaw,
            HasLargeBlocks = hasLarge,
            HasEmbedded = request.HasEmbedded && dataset.Encryption is null,
            IsCompressed = request.IsCompressed,
            IsVolume = dataset.IsVolume,
            IsClone = isClone,
            Creation = to.Creation,
            Key = isRaw ? KeyOf(dataset) : null,
            IvSetGuid = isRaw ? to.IvSetGuid : 0,
            FromIvSetGuid = isRaw ? IvSetOf(from) : 0,
        };
        return new StreamPart(begin, to.Files, to.VolumeBytes, StreamSize.Actual(FilesOf(from), to.Files));
    }

    private static RawKey KeyOf(SimDataset dataset)
    {
        var wrapping = dataset.EncryptionRoot.Encryption!.Root!;
        return new RawKey(
            dataset.Encryption!.Suite,
            dataset.Encryption.MasterKey,
            wrapping.Format,
            wrapping.Secret,
            dataset.EncryptionRoot == dataset
        );
    }

    private static ulong IvSetOf(SimNode? node) =>
        node switch
        {
            SimSnapshot snapshot => snapshot.IvSetGuid,
            SimBookmark bookmark => bookmark.IvSetGuid,
            _ => 0,
        };

    /// <summary>What -p, -b, -R and -h tell about a dataset.</summary>
    public static PackagedDataset Package(SendRequest request, SimDataset dataset, IEnumerable<SimNode> sent)
    {
        var package = new PackagedDataset(dataset.FullName)
        {
            HasProperties = request.HasProperties,
            SnapshotGuids = [.. dataset.Snapshots.Select(snapshot => snapshot.Guid)],
        };
        if (request.HasProperties)
            AddProperties(request, dataset.Properties, package.Properties);
        foreach (var snapshot in sent.OfType<SimSnapshot>())
        {
            AddProperties(request, snapshot.Properties, package.SnapshotProperties[snapshot.Name] = []);
            if (request.HasHolds && snapshot.HoldSecondsByTag.Count > 0)
                package.SnapshotHolds[snapshot.Name] = [.. snapshot.HoldSecondsByTag.Keys];
        }
        return package;
    }

    /// <summary>What is set on the node itself or was received; with -b only what was received.</summary>
    private static void AddProperties(SendRequest request, PropertyBag own, SortedDictionary<string, string> into)
    {
        foreach (var name in request.IsBackup ? own.Received.Keys : own.Names)
        {
            if (request.IsBackup)
                into[name] = own.Received[name];
            else if (!NotSent.Contains(name) && own.TryGet(name, out var value, out _))
                into[name] = value;
        }
    }
}

using System.Collections.Immutable;
using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Streams;

/// <summary>One snapshot in a stream.</summary>
/// <param name="Begin">Its first record.</param>
/// <param name="Files">What the snapshot holds in the end.</param>
/// <param name="VolumeBytes">The size of a volume.</param>
/// <param name="Bytes">How long this part is.</param>
internal sealed record StreamPart(
    StreamBegin Begin,
    ImmutableSortedDictionary<string, FileVersion> Files,
    long VolumeBytes,
    long Bytes
);

/// <summary>What -R, -p, -b and -h put before the first part, for one dataset.</summary>
internal sealed record PackagedDataset(string Name)
{
    /// <summary>Sent with properties, even if there are none.</summary>
    public bool HasProperties { get; init; }
    public SortedDictionary<string, string> Properties { get; init; } = new(StringComparer.Ordinal);
    public SortedDictionary<string, SortedDictionary<string, string>> SnapshotProperties { get; init; } =
        new(StringComparer.Ordinal);
    public SortedDictionary<string, IReadOnlyList<string>> SnapshotHolds { get; init; } = new(StringComparer.Ordinal);

    /// <summary>All its snapshots' guids: with -R and -F, others are destroyed on the target.</summary>
    public IReadOnlyList<ulong> SnapshotGuids { get; init; } = [];
}

/// <summary>What <c>zfs send</c> writes.</summary>
/// <param name="TopDataset">The dataset named on the command line.</param>
/// <param name="Parts">In order.</param>
internal sealed record SendStream(string TopDataset, IReadOnlyList<StreamPart> Parts)
{
    /// <summary>Of a stream that starts with a list of datasets; null for a plain one.</summary>
    public IReadOnlyList<PackagedDataset>? Package { get; init; }

    /// <summary>Sent with -R.</summary>
    public bool IsReplication { get; init; }

    /// <summary>Sent with -w, also of what is not encrypted.</summary>
    public bool IsRaw { get; init; }

    public long PackageBytes => Package is null ? 0 : 2048L * (1 + Package.Count);

    /// <summary>A package has an end of its own.</summary>
    private long EndBytes => Package is null ? 0 : StreamSize.RecordBytes;

    /// <summary>From the first byte to the last.</summary>
    public long Bytes => PackageBytes + Parts.Sum(part => part.Bytes) + EndBytes;

    public PackagedDataset? PackageOf(string dataset) =>
        Package?.FirstOrDefault(entry => string.Equals(entry.Name, dataset, StringComparison.Ordinal));
}

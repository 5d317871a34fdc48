using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>A row of <c>snapshots</c>.</summary>
internal sealed record SnapshotRow
{
    public const string Columns =
        "dataset_id, guid, guid_known, name, createtxg, created_at, size, used, referenced, written, holds, extra_metadata, first_seen, changed_at";

    public long DatasetId { get; init; }

    /// <summary>The guid, or a hash of name and creation second when the host reports none.</summary>
    public SnapshotGuid Guid { get; init; }

    public bool GuidKnown { get; init; }

    public string Name { get; init; } = "";

    public ulong? Createtxg { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public ulong? Size { get; init; }

    public ulong? Used { get; init; }

    public ulong? Referenced { get; init; }

    public ulong? Written { get; init; }

    public long? Holds { get; init; }

    public string? ExtraMetadata { get; init; }

    public DateTimeOffset FirstSeen { get; init; }

    public DateTimeOffset ChangedAt { get; init; }

    public Snapshot ToSnapshot() =>
        new(GuidKnown ? Guid : SnapshotGuid.Unknown, Name, Createtxg ?? 0)
        {
            CreatedAt = CreatedAt,
            UsedBytes = Used,
            ReferencedBytes = Referenced,
            WrittenBytes = Written,
            Holds = (uint?)Holds,
        };
}

using System.Text.Json.Nodes;
using ZfsSync.Contracts.Snapshots;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>A snapshot's row with its dataset's name and host.</summary>
internal sealed record FoundSnapshot
{
    public long DatasetId { get; init; }

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

    public System.Guid SystemId { get; init; }

    public string Dataset { get; init; } = "";

    public static FoundSnapshot Of(System.Guid systemId, DatasetName dataset, SnapshotRow row) =>
        new()
        {
            DatasetId = row.DatasetId,
            Guid = row.Guid,
            GuidKnown = row.GuidKnown,
            Name = row.Name,
            Createtxg = row.Createtxg,
            CreatedAt = row.CreatedAt,
            Size = row.Size,
            Used = row.Used,
            Referenced = row.Referenced,
            Written = row.Written,
            Holds = row.Holds,
            ExtraMetadata = row.ExtraMetadata,
            FirstSeen = row.FirstSeen,
            ChangedAt = row.ChangedAt,
            SystemId = systemId,
            Dataset = dataset.Value,
        };

    public SnapshotResource ToResource() =>
        new()
        {
            Id = SnapshotIdentity.ToId(DatasetId, Guid),
            Name = Name,
            Pool = DatasetName.Parse(Dataset).Pool,
            Dataset = Dataset,
            Timestamp = CreatedAt,
            Size = Size,
            Used = Used,
            Referenced = Referenced,
            Written = Written,
            Guid = GuidKnown ? Guid : null,
            Createtxg = Createtxg,
            SystemId = SystemId,
            ExtraMetadata = ExtraMetadata is null ? null : JsonNode.Parse(ExtraMetadata)!.AsObject(),
            CreatedAt = FirstSeen,
            UpdatedAt = ChangedAt,
        };
}

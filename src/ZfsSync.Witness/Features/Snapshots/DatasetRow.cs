using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>A row of <c>datasets</c>.</summary>
internal sealed record DatasetRow
{
    public const string Columns =
        "id, system_id, name, digest, kind, dataset_guid, encryption_root, key_loaded, origin, resume_token, written, used, referenced, available, placeholder, receiving, reported_at";

    public long Id { get; init; }

    public Guid SystemId { get; init; }

    public string Name { get; init; } = "";

    public string? Digest { get; init; }

    public string Kind { get; init; } = "filesystem";

    public ulong? DatasetGuid { get; init; }

    public string? EncryptionRoot { get; init; }

    public bool? KeyLoaded { get; init; }

    public string? Origin { get; init; }

    public string? ResumeToken { get; init; }

    public ulong? Written { get; init; }

    public ulong? Used { get; init; }

    public ulong? Referenced { get; init; }

    public ulong? Available { get; init; }

    public bool Placeholder { get; init; }

    public bool Receiving { get; init; }

    public DateTimeOffset ReportedAt { get; init; }

    public StoredDataset ToStored(IReadOnlyList<Snapshot> snapshots, IReadOnlyList<Bookmark> bookmarks) =>
        new(
            SystemId,
            new DatasetInventory
            {
                Name = DatasetName.Parse(Name),
                Kind = EnumText<DatasetKind>.Parse(Kind),
                DatasetGuid = DatasetGuid,
                Encryption = EncryptionRoot is null
                    ? null
                    : new DatasetEncryption(DatasetName.Parse(EncryptionRoot), KeyLoaded ?? false),
                Origin = SnapshotName.TryParse(Origin, out var origin) ? origin : null,
                ReceiveResumeToken = ResumeToken,
                WrittenBytes = Written,
                UsedBytes = Used,
                ReferencedBytes = Referenced,
                AvailableBytes = Available,
                IsPlaceholder = Placeholder,
                Snapshots = snapshots,
                Bookmarks = bookmarks,
            },
            Receiving,
            ReportedAt
        );
}

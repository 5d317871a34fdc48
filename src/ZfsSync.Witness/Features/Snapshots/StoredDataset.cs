using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>A dataset of a host, as last reported, in the form that decisions start from.</summary>
/// <param name="SystemId">The host.</param>
/// <param name="Inventory">The facts; snapshots without guids have <see cref="SnapshotGuid.Unknown"/>.</param>
/// <param name="IsReceiving">Whether the host says that a receive into it is running.</param>
/// <param name="ReportedAt">When the facts were last confirmed, by the witness's clock.</param>
internal sealed record StoredDataset(
    Guid SystemId,
    DatasetInventory Inventory,
    bool IsReceiving,
    DateTimeOffset ReportedAt
);

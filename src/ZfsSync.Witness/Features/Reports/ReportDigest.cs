using System.Globalization;
using ZfsSync.Contracts.Reports;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Features.Reports;

/// <summary>The digest that the datasets of a whole report have, to be held against the one that its head says.</summary>
internal static class ReportDigest
{
    public static string Of(IReadOnlyList<ReportedDataset> datasets) =>
        InventoryDigest.OfInventory(datasets.Select(dataset => (Facts(dataset), dataset.Digest)));

    private static DatasetInventory Facts(ReportedDataset dataset) =>
        new()
        {
            Name = DatasetName.Parse(dataset.Name),
            Kind = dataset.Kind,
            DatasetGuid = dataset.DatasetGuid is { } guid ? ulong.Parse(guid, CultureInfo.InvariantCulture) : null,
            Encryption = dataset.EncryptionRoot is { } root
                ? new DatasetEncryption(DatasetName.Parse(root), dataset.KeyLoaded ?? false)
                : null,
            Origin = dataset.Origin is { } origin ? SnapshotName.Parse(origin) : null,
            ReceiveResumeToken = dataset.ReceiveResumeToken,
            WrittenBytes = dataset.Written,
            IsPlaceholder = dataset.Placeholder,
            IsReceiving = dataset.Receiving,
        };
}

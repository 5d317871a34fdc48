using System.Text.Json;
using ZfsSync.Agent.Reporting;
using ZfsSync.Agent.Survey;
using ZfsSync.Contracts.Json;
using ZfsSync.Contracts.Reports;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Benchmarks.Witness;

/// <summary>A host's report as the bytes that its agent would send, made beforehand so that only the witness is measured.</summary>
/// <param name="Head">The digest of everything.</param>
/// <param name="Datasets">Digests per dataset.</param>
/// <param name="Lists">Everything, cut as agents cut it.</param>
internal sealed record HostRequests(byte[] Head, byte[] Datasets, IReadOnlyList<byte[]> Lists)
{
    public long Bytes => Head.Length + Datasets.Length + Lists.Sum(part => (long)part.Length);

    public static HostRequests Of(HostInventory inventory, long sequence, int maxRows = ReportParts.MaxRows)
    {
        var head = HeadOf(inventory, sequence);
        var datasets = Reported(inventory, withLists: false);
        return new HostRequests(
            Json(head),
            Json(head with { Datasets = datasets }),
            [.. ReportParts.Cut(head, Reported(inventory, withLists: true), maxRows).Select(Json)]
        );
    }

    public static byte[] HeadOnly(HostInventory inventory, long sequence) => Json(HeadOf(inventory, sequence));

    private static InventoryReport HeadOf(HostInventory inventory, long sequence) =>
        new()
        {
            Sequence = sequence,
            SentAt = TimeProvider.System.GetUtcNow(),
            AgentVersion = "0.1.0",
            ZfsVersion = inventory.ZfsVersion,
            Platform = "linux",
            Scope = inventory.Scope,
            Complete = inventory.IsComplete,
            Digest = InventoryDigest.OfInventory(inventory.Datasets.Select(d => (d.Facts, d.ListDigest))),
            Pools = [new ReportedPool("tank", "1", 8_000_000_000_000, 900_000_000_000, "ONLINE")],
        };

    private static List<ReportedDataset> Reported(HostInventory inventory, bool withLists) =>
        [.. inventory.Datasets.Select(dataset => ReportParts.Dataset(dataset, withLists))];

    private static byte[] Json(InventoryReport report) =>
        JsonSerializer.SerializeToUtf8Bytes(report, WireJson.Default.InventoryReport);
}

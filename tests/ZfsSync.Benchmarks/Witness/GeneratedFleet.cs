using ZfsSync.Agent.Survey;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Benchmarks.Witness;

/// <summary>
/// Hosts with datasets and snapshots as a schedule leaves them behind, the same in every run. Hosts come in groups of
/// <see cref="HostsPerGroup"/>: the first is the source, the others have its snapshots but for the newest few.
/// </summary>
internal sealed class GeneratedFleet(int datasetsPerHost, int snapshotsPerDataset)
{
    public const int HostsPerGroup = 10;
    private const int Epoch = 1_767_225_600;

    public int SnapshotsPerHost => datasetsPerHost * snapshotsPerDataset;

    public static string Hostname(int host) => $"host{host:0000}";

    /// <summary>A host's inventory. Of ten hosts one lags by three snapshots.</summary>
    /// <param name="added">How many snapshots the first dataset got since.</param>
    public HostInventory Inventory(int host, int added = 0)
    {
        var group = host / HostsPerGroup;
        var missing = host % HostsPerGroup == HostsPerGroup - 1 ? 3 : 0;
        var datasets = new List<SurveyedDataset>(datasetsPerHost + 1) { Pool() };
        for (var dataset = 0; dataset < datasetsPerHost; dataset++)
        {
            var count = snapshotsPerDataset - missing + (dataset == 0 ? added : 0);
            datasets.Add(Dataset(group, dataset, count));
        }
        return new HostInventory
        {
            Scope = ["tank"],
            IsComplete = true,
            ZfsVersion = "zfs-2.3.0",
            Pools = [],
            Datasets = datasets,
        };
    }

    private static SurveyedDataset Pool()
    {
        var pool = new DatasetInventory
        {
            Name = DatasetName.Parse("tank"),
            DatasetGuid = 1,
            WrittenBytes = 98_304,
        };
        return new SurveyedDataset(pool, InventoryDigest.OfLists([], []));
    }

    private static SurveyedDataset Dataset(int group, int dataset, int count)
    {
        var snapshots = Enumerable.Range(0, count).Select(i => Snapshot(group, dataset, i)).ToList();
        var facts = new DatasetInventory
        {
            Name = DatasetName.Parse($"tank/service{dataset:000}"),
            DatasetGuid = Mixed(group, dataset, -1),
            WrittenBytes = 0,
            UsedBytes = 5_000_000_000,
            ReferencedBytes = 4_000_000_000,
            AvailableBytes = 900_000_000_000,
            Snapshots = snapshots,
        };
        return new SurveyedDataset(facts, InventoryDigest.OfLists(snapshots, []));
    }

    private static Snapshot Snapshot(int group, int dataset, int index)
    {
        var created = DateTimeOffset.FromUnixTimeSeconds(Epoch + (3600L * index));
        return new Snapshot(
            new SnapshotGuid(Mixed(group, dataset, index)),
            $"autosnap_{created:yyyy-MM-dd_HH:mm:ss}_hourly",
            (ulong)(1_000_000 + (index * 720) + dataset)
        )
        {
            CreatedAt = created,
            UsedBytes = (ulong)(index * 4096),
            ReferencedBytes = 4_000_000_000,
            WrittenBytes = 1_000_000,
            Holds = 0,
        };
    }

    /// <summary>splitmix64: guids have no order, as those of ZFS.</summary>
    private static ulong Mixed(int group, int dataset, int index)
    {
        var x = (((ulong)group << 40) + ((ulong)dataset << 20) + (ulong)(index + 1)) * 0x9E3779B97F4A7C15 + 1;
        x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9;
        x = (x ^ (x >> 27)) * 0x94D049BB133111EB;
        return (x ^ (x >> 31)) | 1;
    }
}

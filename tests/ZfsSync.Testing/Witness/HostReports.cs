using ZfsSync.Contracts.Reports;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Testing.Witness;

/// <summary>What an agent says for a host: reports with digests that fit, sent the way agents send them.</summary>
public sealed class HostReports(TestWitness witness, TestHost host)
{
    public long Sequence { get; set; }

    public string AgentId { get; init; } = $"agent-of-{host.Hostname}";

    /// <summary>The whole of the datasets' pools, completely, through head, datasets and lists as the witness asks.</summary>
    public Task<ReportAnswer> SendAsync(params DatasetInventory[] datasets) => SendAsync(PoolsOf(datasets), datasets);

    /// <summary>A scope of one's own, through head, datasets and lists as the witness asks.</summary>
    public async Task<ReportAnswer> SendAsync(
        IReadOnlyList<string> scope,
        IReadOnlyList<DatasetInventory> datasets,
        bool complete = true
    )
    {
        var head = Head(scope, datasets, complete);
        var answer = await PostAsync(head);
        if (answer.Status == ReportStatus.NeedsDatasets)
            answer = await PostAsync(head with { Datasets = [.. datasets.Select(d => Dataset(d, withLists: false))] });
        if (answer.Status != ReportStatus.NeedsLists)
            return answer;
        var needed = answer.Needed.ToHashSet(StringComparer.Ordinal);
        return await PostAsync(
            head with
            {
                Datasets = [.. datasets.Select(d => Dataset(d, needed.Contains(d.Name.Value)))],
            }
        );
    }

    /// <summary>One request as it is.</summary>
    public Task<ReportAnswer> PostAsync(InventoryReport report) =>
        host.Client.ReportAsync(host.Id, report, CancellationToken.None);

    /// <summary>The next report's head, without datasets.</summary>
    public InventoryReport Head(
        IReadOnlyList<string> scope,
        IReadOnlyList<DatasetInventory> datasets,
        bool complete = true
    ) =>
        new()
        {
            Sequence = ++Sequence,
            AgentId = AgentId,
            SentAt = witness.Time.GetUtcNow(),
            AgentVersion = "1.0",
            ZfsVersion = "zfs-2.3.0",
            Platform = "linux",
            Scope = scope,
            Complete = complete,
            Digest = InventoryDigest.OfInventory(
                datasets.Select(d => (d, InventoryDigest.OfLists(d.Snapshots, d.Bookmarks)))
            ),
        };

    public static ReportedDataset Dataset(DatasetInventory dataset, bool withLists = true) =>
        new()
        {
            Name = dataset.Name.Value,
            Digest = InventoryDigest.OfLists(dataset.Snapshots, dataset.Bookmarks),
            Kind = dataset.Kind,
            DatasetGuid = dataset.DatasetGuid?.ToString(),
            EncryptionRoot = dataset.Encryption?.Root.Value,
            KeyLoaded = dataset.Encryption?.IsKeyLoaded,
            Origin = dataset.Origin?.ToString(),
            ReceiveResumeToken = dataset.ReceiveResumeToken,
            Written = dataset.WrittenBytes,
            Used = dataset.UsedBytes,
            Referenced = dataset.ReferencedBytes,
            Available = dataset.AvailableBytes,
            Placeholder = dataset.IsPlaceholder,
            Snapshots = withLists
                ?
                [
                    .. dataset.Snapshots.Select(s => new ReportedSnapshot(s.Guid, s.Label, s.CreateTxg)
                    {
                        Creation = s.CreatedAt?.ToUnixTimeSeconds(),
                        Used = s.UsedBytes,
                        Referenced = s.ReferencedBytes,
                        Userrefs = s.Holds,
                    }),
                ]
                : null,
            Bookmarks = withLists
                ? [.. dataset.Bookmarks.Select(b => new ReportedBookmark(b.Guid, b.Label, b.CreateTxg))]
                : null,
        };

    /// <summary>A dataset with snapshots <c>s1</c>, <c>s2</c>, … whose guids and createtxgs are the numbers given.</summary>
    public static DatasetInventory Dataset(string name, params ulong[] guids) =>
        new()
        {
            Name = DatasetName.Parse(name),
            Snapshots =
            [
                .. guids.Select(guid => new Snapshot(
                    new SnapshotGuid(guid),
                    $"s{guid}",
                    guid <= long.MaxValue ? guid : guid >> 1
                )
                {
                    CreatedAt = DateTimeOffset.FromUnixTimeSeconds(1_767_225_600 + (long)(guid % 1_000_000)),
                }),
            ],
        };

    private static string[] PoolsOf(IEnumerable<DatasetInventory> datasets) =>
        [.. datasets.Select(d => d.Name.Pool).Distinct(StringComparer.Ordinal)];
}

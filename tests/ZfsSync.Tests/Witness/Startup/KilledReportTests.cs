using System.Collections.Concurrent;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Reports;
using ZfsSync.Contracts.Systems;
using ZfsSync.Core.Snapshots;
using ZfsSync.Testing.Witness;

namespace ZfsSync.Tests.Witness.Startup;

/// <summary>Whole reports, in two parts each, from several hosts at once, when the witness is killed.</summary>
public sealed class KilledReportTests : IDisposable
{
    private const int Hosts = 4;
    private const int NewSnapshots = 60;
    private const int EnoughReports = 24;
    private static readonly string[] Datasets = ["tank/a", "tank/b", "tank/c"];
    private readonly string _folder = Directory.CreateTempSubdirectory("zfs-sync-killed-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory, DatabaseData]
    public async Task An_acknowledged_report_is_there_whole_after_kill_9_and_no_other_is_half_there(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var settings = new Dictionary<string, string>
        {
            ["DATA_DIR"] = _folder,
            ["PORT"] = "0",
            ["LOG_LEVEL"] = "WARNING",
            ["DATABASE_URL"] = database.Url,
            ["ADMIN_KEY"] = TestWitness.AdminKey,
        };
        var acknowledged = new ConcurrentDictionary<Guid, int>();
        using (var http = new HttpClient())
        using (var first = WitnessProcess.Start(settings))
        {
            var client = await first.ClientAsync(http, TestWitness.AdminKey);
            var hosts = new List<SystemResource>();
            for (var i = 0; i < Hosts; i++)
                hosts.Add(await RegisterAsync(client, $"host{i}"));
            var enough = new TaskCompletionSource();
            var load = hosts.Select(host => LoadAsync(client, host.Id, acknowledged, enough)).ToList();
            await enough.Task.WaitAsync(TimeSpan.FromSeconds(60));
            await first.KillAsync();
            await Task.WhenAll(load);
        }

        using var again = new HttpClient();
        using var second = WitnessProcess.Start(settings);
        var survivor = await second.ClientAsync(again, TestWitness.AdminKey);
        acknowledged.Count.ShouldBe(Hosts);
        foreach (var (host, generation) in acknowledged)
        {
            var stored = await survivor.SnapshotsAsync(host, null, CancellationToken.None);
            var there = stored.Count / (Datasets.Length * NewSnapshots);
            // The one that was on its way may have come to its end without its answer.
            there.ShouldBeInRange(generation, generation + 1);
            stored
                .Select(snapshot => $"{snapshot.Dataset}@{snapshot.Name}")
                .ShouldBe(
                    Inventory(there).SelectMany(d => d.Snapshots.Select(s => $"{d.Name}@{s.Label}")),
                    ignoreOrder: true
                );
            (await SendAsync(survivor, host, there + 2)).Status.ShouldBe(ReportStatus.Accepted);
        }
    }

    private static async Task LoadAsync(
        WitnessClient client,
        Guid host,
        ConcurrentDictionary<Guid, int> acknowledged,
        TaskCompletionSource enough
    )
    {
        for (var generation = 1; ; generation++)
        {
            try
            {
                (await SendAsync(client, host, generation)).Status.ShouldBe(ReportStatus.Accepted);
            }
            catch (WitnessException fault) when (fault.Status == 0)
            {
                return;
            }
            acknowledged[host] = generation;
            if (acknowledged.Count == Hosts && acknowledged.Values.Sum() >= EnoughReports)
                enough.TrySetResult();
        }
    }

    private static async Task<ReportAnswer> SendAsync(WitnessClient client, Guid host, int generation)
    {
        var inventory = Inventory(generation);
        var head = new InventoryReport
        {
            Sequence = generation,
            AgentId = $"agent-of-{host}",
            SentAt = TimeProvider.System.GetUtcNow(),
            Scope = ["tank"],
            Complete = true,
            Digest = InventoryDigest.OfInventory(
                inventory.Select(d => (d, InventoryDigest.OfLists(d.Snapshots, d.Bookmarks)))
            ),
        };
        var datasets = inventory.Select(dataset => HostReports.Dataset(dataset)).ToList();
        await client.ReportAsync(
            host,
            head with
            {
                Datasets = datasets[..1],
                Part = new ReportPart(0, 2),
            },
            CancellationToken.None
        );
        return await client.ReportAsync(
            host,
            head with
            {
                Datasets = datasets[1..],
                Part = new ReportPart(1, 2),
            },
            CancellationToken.None
        );
    }

    /// <summary>Each generation has the snapshots of the one before, and some more in every dataset.</summary>
    private static List<DatasetInventory> Inventory(int generation) =>
        [
            .. Datasets.Select(
                (name, d) =>
                    HostReports.Dataset(
                        name,
                        [
                            .. Enumerable
                                .Range(1, generation * NewSnapshots)
                                .Select(i => ((ulong)(d + 1) * 1_000_000) + (ulong)i),
                        ]
                    )
            ),
        ];

    private static Task<SystemResource> RegisterAsync(WitnessClient client, string hostname) =>
        client.RegisterAsync(
            new SystemRegistration { Hostname = hostname, Platform = "linux" },
            replace: false,
            CancellationToken.None
        );
}

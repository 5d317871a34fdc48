using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Reports;
using ZfsSync.Core.Snapshots;
using ZfsSync.Testing.Witness;
using ZfsSync.Witness.Features.Snapshots;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Tests.Witness.Storage;

public sealed class InventoryStoreTests
{
    [Theory, DatabaseData]
    public async Task What_was_reported_is_loaded_as_the_facts_that_decisions_start_from(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var reported = HostReports.Dataset("tank/a", 3, ulong.MaxValue) with
        {
            Kind = DatasetKind.Volume,
            DatasetGuid = ulong.MaxValue - 1,
            Encryption = new DatasetEncryption(DatasetName.Parse("tank"), IsKeyLoaded: false),
            Origin = SnapshotName.Parse("tank/b@s1"),
            ReceiveResumeToken = "1-abc",
            WrittenBytes = 1UL << 40,
            AvailableBytes = 7,
            IsPlaceholder = true,
            Bookmarks = [new Bookmark(new SnapshotGuid(3), "mark", 3)],
        };

        await new HostReports(witness, host).SendAsync(HostReports.Dataset("tank"), reported);

        var loaded = await LoadAsync(witness, host, reported.Name);
        loaded.Inventory.Snapshots.ShouldBe(reported.Snapshots, ignoreOrder: true);
        loaded.Inventory.Bookmarks.ShouldBe(reported.Bookmarks);
        (loaded.Inventory with { Snapshots = reported.Snapshots, Bookmarks = reported.Bookmarks }).ShouldBe(reported);
        loaded.SystemId.ShouldBe(host.Id);
    }

    [Theory, DatabaseData]
    public async Task A_large_report_is_stored_in_bulk(DatabaseKind kind)
    {
        const int datasets = 200;
        const int perDataset = 100;
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var all = Enumerable
            .Range(0, datasets)
            .Select(d =>
                HostReports.Dataset(
                    $"tank/d{d}",
                    [.. Enumerable.Range(1, perDataset).Select(s => (ulong)((d * perDataset) + s))]
                )
            )
            .Prepend(HostReports.Dataset("tank"))
            .ToArray();
        var watch = Stopwatch.StartNew();

        (await new HostReports(witness, host).SendAsync(all)).Status.ShouldBe(ReportStatus.Accepted);

        TestContext.Current.TestOutputHelper?.WriteLine($"{datasets * perDataset} snapshots in {watch.Elapsed}");
        var loaded = await LoadAsync(witness, host, DatasetName.Parse("tank/d77"));
        loaded.Inventory.Snapshots.Count.ShouldBe(perDataset);
    }

    private static async Task<StoredDataset> LoadAsync(TestWitness witness, TestHost host, DatasetName name)
    {
        var store = witness.Services.GetRequiredService<InventoryStore>();
        var loaded = await witness
            .Services.GetRequiredService<Database>()
            .ReadAsync(session => store.FindAsync(session, host.Id, name), CancellationToken.None);
        return loaded.ShouldNotBeNull();
    }
}

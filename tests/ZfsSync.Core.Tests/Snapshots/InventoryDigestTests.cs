using Shouldly;
using Xunit;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Tests.Snapshots;

public class InventoryDigestTests
{
    private static readonly DatasetInventory Data = SnapshotText.Dataset("tank/data", "@a,1 @b,2 #c,3");

    [Fact]
    public void The_digest_of_known_lists_stays_what_it_is_on_the_wire() =>
        Digest(Data).ShouldBe("c0687193a546ef984b3612291012fce3");

    [Fact]
    public void The_order_of_the_lists_does_not_matter() =>
        Digest(Data with { Snapshots = [.. Data.Snapshots.Reverse()] }).ShouldBe(Digest(Data));

    [Theory]
    [InlineData("@a,1 @b,2")]
    [InlineData("@a,1 @b,2 @c,3")]
    [InlineData("@a,1 @x,2 #c,3")]
    [InlineData("@a,1 @b,2,9 #c,3")]
    [InlineData("@a,1 @b,8,2 #c,3")]
    [InlineData("@a,1 #b,2 #c,3")]
    public void Any_other_guid_label_txg_or_kind_gives_another_digest(string other) =>
        Digest(SnapshotText.Dataset("tank/data", other)).ShouldNotBe(Digest(Data));

    [Fact]
    public void Sizes_of_snapshots_do_not_count() =>
        Digest(Data with { Snapshots = [.. Data.Snapshots.Select(s => s with { UsedBytes = 5, Holds = 1 })] })
            .ShouldBe(Digest(Data));

    [Fact]
    public void A_receive_that_runs_gives_another_digest() =>
        Whole((Data with { IsReceiving = true }, "d")).ShouldNotBe(Whole((Data, "d")));

    [Fact]
    public void The_whole_does_not_depend_on_the_order_of_datasets()
    {
        var other = SnapshotText.Dataset("tank/other", "@a,1");
        InventoryDigest.OfInventory([(other, "d2"), (Data, "d1")]).ShouldBe(Whole((Data, "d1"), (other, "d2")));
        Whole((Data, "d1"), (other, "d2")).ShouldNotBe(Whole((Data, "d2"), (other, "d1")));
    }

    [Fact]
    public void What_decisions_depend_on_changes_the_whole()
    {
        var whole = Whole((Data, "d"));
        Whole((Data with { ReceiveResumeToken = "1-a" }, "d")).ShouldNotBe(whole);
        Whole((Data with { Kind = DatasetKind.Volume }, "d")).ShouldNotBe(whole);
        Whole((Data with { DatasetGuid = 7 }, "d")).ShouldNotBe(whole);
        Whole((Data with { IsPlaceholder = true }, "d")).ShouldNotBe(whole);
        Whole((Data with { Encryption = new DatasetEncryption(Data.Name, false) }, "d")).ShouldNotBe(whole);
        Whole((Data with { Encryption = new DatasetEncryption(Data.Name, false) }, "d"))
            .ShouldNotBe(Whole((Data with { Encryption = new DatasetEncryption(Data.Name, true) }, "d")));
        Whole((Data with { Origin = SnapshotName.Parse("tank/x@y") }, "d")).ShouldNotBe(whole);
        Whole((Data with { WrittenBytes = 0 }, "d")).ShouldNotBe(Whole((Data with { WrittenBytes = 1 }, "d")));
        Whole((Data with { WrittenBytes = 1 }, "d")).ShouldNotBe(Whole((Data with { WrittenBytes = 1 << 20 }, "d")));
    }

    [Fact]
    public void Growth_alone_changes_nothing() =>
        Whole((Data with { WrittenBytes = 1, UsedBytes = 2, AvailableBytes = 3 }, "d"))
            .ShouldBe(Whole((Data with { WrittenBytes = 4096, UsedBytes = 9, AvailableBytes = 1 }, "d")));

    private static string Digest(DatasetInventory dataset) =>
        InventoryDigest.OfLists(dataset.Snapshots, dataset.Bookmarks);

    private static string Whole(params (DatasetInventory, string)[] datasets) => InventoryDigest.OfInventory(datasets);
}

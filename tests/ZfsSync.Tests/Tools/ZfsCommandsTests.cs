using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Tests.Tools;

/// <summary>The command lines, word by word.</summary>
public sealed class ZfsCommandsTests
{
    private static readonly DatasetName Data = DatasetName.Parse("tank/a b");
    private static readonly Snapshot One = new(new SnapshotGuid(1), "one", 10);
    private static readonly Snapshot Two = new(new SnapshotGuid(2), "two", 20);
    private static readonly Snapshot Three = new(new SnapshotGuid(3), "three", 30);
    private static readonly SendFlags Plain = new(Raw: false, LargeBlocks: false, Compressed: false, Embedded: false);

    [Fact]
    public void A_full_send_has_the_flags_of_the_edge()
    {
        Words(ZfsCommands.Send(Data, new SendStep.Full(One), SendFlags.Default))
            .ShouldBe("zfs|send|-L|-c|-e|tank/a b@one");
        Words(ZfsCommands.Send(Data, new SendStep.Full(One), Plain with { Raw = true }))
            .ShouldBe("zfs|send|-w|tank/a b@one");
    }

    [Fact]
    public void An_increment_names_its_base_in_full()
    {
        Words(ZfsCommands.Send(Data, new SendStep.Incremental(new Anchor(One.Guid, "one", false), Two), Plain))
            .ShouldBe("zfs|send|-i|tank/a b@one|tank/a b@two");
        Words(ZfsCommands.Send(Data, new SendStep.Incremental(new Anchor(One.Guid, "mark", true), Two), Plain))
            .ShouldBe("zfs|send|-i|tank/a b#mark|tank/a b@two");
    }

    [Fact]
    public void A_range_runs_from_its_base_to_its_last_snapshot() =>
        Words(ZfsCommands.Send(Data, new SendStep.Range(One, [Two, Three]), Plain))
            .ShouldBe("zfs|send|-I|tank/a b@one|tank/a b@three");

    [Fact]
    public void A_resumed_send_is_the_token_and_nothing_else()
    {
        var token = new ResumeToken("1-abc-def-0123", Two.Guid, One.Guid, "tank/a b@two", 7);
        Words(ZfsCommands.Send(Data, new SendStep.Resume(token), SendFlags.Default))
            .ShouldBe("zfs|send|-t|1-abc-def-0123");
        Words(ZfsCommands.EstimateSend(Data, new SendStep.Resume(token), SendFlags.Default))
            .ShouldBe("zfs|send|-nvP|-t|1-abc-def-0123");
    }

    [Fact]
    public void A_receive_is_resumable_unmounted_and_never_forced_by_default() =>
        Words(ZfsCommands.Receive(Data, ReceiveOptions.Default)).ShouldBe("zfs|receive|-s|-u|tank/a b");

    [Fact]
    public void Properties_of_a_receive_come_in_one_order_whatever_theirs()
    {
        var options = new ReceiveOptions
        {
            Set = new Dictionary<string, string> { ["readonly"] = "on", ["canmount"] = "noauto" },
            Exclude = ["mountpoint", "sharenfs"],
        };
        Words(ZfsCommands.Receive(Data, options))
            .ShouldBe("zfs|receive|-s|-u|-o|canmount=noauto|-o|readonly=on|-x|mountpoint|-x|sharenfs|tank/a b");
    }

    [Fact]
    public void Snapshots_are_destroyed_by_exact_names_and_never_recursively() =>
        Words(ZfsCommands.DestroySnapshots(Data, ["one", "t w o"])).ShouldBe("zfs|destroy|tank/a b@one,t w o");

    [Fact]
    public void A_dataset_is_not_taken_for_a_bookmark_nor_a_bookmark_for_a_snapshot()
    {
        Should.Throw<ArgumentException>(() => ZfsCommands.DestroyBookmark(SnapshotName.Of(Data, "one")));
        Should.Throw<ArgumentException>(() => ZfsCommands.Rollback(SnapshotName.Of(Data, "one", true), false));
    }

    [Fact]
    public void Listing_snapshots_stays_on_the_cheap_path_of_each_release()
    {
        Words(ZfsCommands.AllSnapshots(Release(2, 2)))
            .ShouldBe("zfs|list|-Hp|-t|snapshot|-o|name,guid,createtxg|-s|createtxg");
        Words(ZfsCommands.AllSnapshots(Release(2, 1)))
            .ShouldBe("zfs|list|-Hp|-t|snapshot|-o|name,guid,createtxg|-s|name");
        Words(ZfsCommands.SnapshotNames()).ShouldBe("zfs|list|-H|-t|snapshot|-o|name|-s|name");
    }

    [Fact]
    public void Old_releases_are_not_asked_for_what_they_do_not_know()
    {
        Words(ZfsCommands.Watch(Release(2, 1))).ShouldNotContain("snapshots_changed");
        Words(ZfsCommands.Watch(Release(2, 2))).ShouldContain("snapshots_changed");
        Words(ZfsCommands.Holds(Release(2, 1), ["a@b"])).ShouldBe("zfs|holds|-H|a@b");
        Words(ZfsCommands.Holds(Release(2, 3), ["a@b"])).ShouldBe("zfs|holds|-Hp|a@b");
    }

    [Fact]
    public void Long_lists_are_cut_into_commands_that_every_system_takes()
    {
        var names = Enumerable.Range(0, 10_000).Select(i => $"tank/data@{i:D200}").ToList();
        var batches = ArgumentBatches.Of(names).ToList();
        batches.SelectMany(batch => batch).ShouldBe(names);
        batches.Count.ShouldBeGreaterThan(10);
        batches.ShouldAllBe(batch => batch.Sum(name => name.Length + 3) <= ArgumentBatches.MaxBytes);
    }

    private static ZfsFeatures Release(int major, int minor) =>
        new(new ZfsVersion(major, minor), new ZfsVersion(major, minor), $"{major}.{minor}.0", $"{major}.{minor}.0");

    private static string Words(Command command) => $"{command.Program}|{string.Join('|', command.Arguments)}";
}

using Shouldly;
using Xunit;
using ZfsSync.Core.Snapshots;
using ZfsSync.Simulation;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Tests.Tools;

/// <summary>What several commands make together, on a simulated host.</summary>
public sealed class ZfsHostTests
{
    private readonly SimulatedFleet _fleet = new(TimeProvider.System, seed: 4);
    private readonly SimulatedHost _machine;
    private readonly ZfsHost _host;

    public ZfsHostTests()
    {
        _machine = _fleet.AddHost("alpha");
        _machine.AddPool("tank");
        _machine.Zfs("create tank/a");
        _host = new ZfsHost(_fleet.RunnerOn("alpha"));
    }

    private static CancellationToken Now => TestContext.Current.CancellationToken;

    private async Task<ToolException?> Hold(string label) =>
        (await _host.HoldAsync([new Hold("mine", [Snapshot(label)])], Now))[0];

    [Fact]
    [Trait("Scenario", "73")]
    public async Task Held_and_cloned_snapshots_stay_and_the_rest_of_the_batch_goes()
    {
        await Take("held", "cloned", "free: one", "free two");
        (await Hold("held")).ShouldBeNull();
        _machine.Zfs("clone tank/a@cloned tank/clone");

        var outcome = await _host.DestroySnapshotsAsync(
            [Snapshot("held"), Snapshot("cloned"), Snapshot("free: one"), Snapshot("free two")],
            Now
        );

        outcome.Gone.ShouldBe([Snapshot("free: one"), Snapshot("free two")]);
        outcome
            .Blocked.Select(blocked => (blocked.Snapshot, blocked.Kind))
            .ShouldBe([(Snapshot("cloned"), ToolErrorKind.Clones), (Snapshot("held"), ToolErrorKind.Busy)], true);
        (await Labels()).ShouldBe(["held", "cloned"]);
    }

    [Fact]
    [Trait("Scenario", "74")]
    public async Task A_snapshot_that_never_was_is_no_error_and_the_others_go()
    {
        await Take("one");
        var outcome = await _host.DestroySnapshotsAsync([Snapshot("never"), Snapshot("one")], Now);
        outcome.Gone.ShouldBe([Snapshot("never"), Snapshot("one")]);
        outcome.Blocked.ShouldBeEmpty();
        (await _host.DestroySnapshotsAsync([Snapshot("never")], Now)).Gone.ShouldBe([Snapshot("never")]);
        (await Labels()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Holding_and_releasing_twice_is_holding_and_releasing_once()
    {
        await Take("one");
        (await Hold("one")).ShouldBeNull();
        (await Hold("one")).ShouldBeNull();
        var features = await _host.DetectAsync(Now);
        (await _host.ListHoldsAsync(features, [Snapshot("one")], Now)).Select(hold => hold.Tag).ShouldBe(["mine"]);
        await _host.ReleaseAsync("mine", [Snapshot("one"), Snapshot("never")], Now);
        await _host.ReleaseAsync("mine", [Snapshot("one")], Now);
        (await _host.ListHoldsAsync(features, [Snapshot("one")], Now)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Holding_what_is_gone_is_told_and_the_other_holds_are_there()
    {
        await Take("one", "two");
        var faults = await _host.HoldAsync(
            [new Hold("a", [Snapshot("one")]), new Hold("b", [Snapshot("never")]), new Hold("c", [Snapshot("two")])],
            Now
        );
        faults.Select(fault => fault?.Kind).ShouldBe([null, ToolErrorKind.Gone, null]);
        var features = await _host.DetectAsync(Now);
        (await _host.ListHoldsAsync(features, [Snapshot("one"), Snapshot("two")], Now))
            .Select(hold => hold.Tag)
            .ShouldBe(["a", "c"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_cannot_be_marked_keeps_its_hold_and_the_others_are_marked()
    {
        await Take("one", "two");
        await _host.HoldAsync([new Hold("a", [Snapshot("one")]), new Hold("b", [Snapshot("two")])], Now);
        await _host.BookmarkAsync(Snapshot("one"), "old", Now);
        var old = SnapshotName.Of(Snapshot("one").Dataset, "old", isBookmark: true);
        var ends = await _host.TryMarkAsync(
            [
                new Marking(Snapshot("gone"), "new", [], new Hold("a", [Snapshot("one")])),
                new Marking(Snapshot("two"), "arrived", [old], new Hold("b", [Snapshot("two")])),
            ],
            Now
        );
        ends.ShouldBe([false, true]);
        var features = await _host.DetectAsync(Now);
        (await _host.ListHoldsAsync(features, [Snapshot("one"), Snapshot("two")], Now))
            .Select(hold => hold.Tag)
            .ShouldBe(["a"]);
        var bookmarks = await _host.ListBookmarksAsync([Snapshot("one").Dataset], Now);
        bookmarks.Of(Snapshot("one").Dataset).Select(bookmark => bookmark.Label).ShouldBe(["arrived"]);
    }

    [Fact]
    [Trait("Scenario", "53")]
    public async Task A_dataset_that_vanished_is_named_and_the_others_are_listed()
    {
        await Take("one");
        var features = await _host.DetectAsync(Now);
        var listing = await _host.ListSnapshotsAsync(
            features,
            SnapshotDetail.Full,
            [DatasetName.Parse("tank/gone"), DatasetName.Parse("tank/a")],
            Now
        );
        listing.Missing.ShouldBe([DatasetName.Parse("tank/gone")]);
        listing.Of(DatasetName.Parse("tank/a")).Single().ReferencedBytes.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_placeholder_is_marked_unmounted_and_made_once()
    {
        var name = DatasetName.Parse("tank/hosts");
        (await _host.CreatePlaceholderAsync(name, Now)).ShouldBeTrue();
        (await _host.CreatePlaceholderAsync(name, Now)).ShouldBeFalse();
        (await _host.FindDatasetAsync(name, Now))!.IsPlaceholder.ShouldBeTrue();
        await Should.ThrowAsync<ToolException>(() =>
            _host.CreatePlaceholderAsync(DatasetName.Parse("tank/no/parent"), Now)
        );
    }

    [Fact]
    public async Task What_does_not_exist_is_found_as_nothing() =>
        (await _host.FindDatasetAsync(DatasetName.Parse("tank/none"), Now)).ShouldBeNull();

    [Fact]
    public async Task Snapshots_of_several_datasets_are_taken_in_one_transaction_group()
    {
        _machine.Zfs("create tank/b");
        await _host.TakeSnapshotsAsync([SnapshotName.Parse("tank/a@x"), SnapshotName.Parse("tank/b@x")], Now);
        var all = await _host.ListAllSnapshotsAsync(await _host.DetectAsync(Now), Now);
        all.Of(DatasetName.Parse("tank/a"))[0].CreateTxg.ShouldBe(all.Of(DatasetName.Parse("tank/b"))[0].CreateTxg);
        var fault = await Should.ThrowAsync<ToolException>(() =>
            _host.TakeSnapshotsAsync([SnapshotName.Parse("tank/a@x")], Now)
        );
        fault.Kind.ShouldBe(ToolErrorKind.Exists);
        await Should.ThrowAsync<ArgumentException>(() =>
            _host.TakeSnapshotsAsync([SnapshotName.Parse("tank/a@y"), SnapshotName.Parse("tank/a@z")], Now)
        );
    }

    [Fact]
    public async Task A_thousand_snapshots_go_in_few_commands()
    {
        for (var i = 0; i < 1000; i++)
            _machine.Run("zfs", "snapshot", $"tank/a@{i:D220}");
        var before = _fleet.Transcript.Count;
        var names = Enumerable.Range(0, 1000).Select(i => Snapshot($"{i:D220}")).ToList();
        (await _host.DestroySnapshotsAsync(names, Now)).Gone.Count.ShouldBe(1000);
        (_fleet.Transcript.Count - before).ShouldBeLessThanOrEqualTo(3);
    }

    [Fact]
    public async Task Bookmarks_are_made_listed_and_destroyed_and_a_missing_one_is_no_error()
    {
        await Take("one");
        await _host.BookmarkAsync(Snapshot("one"), "edge", Now);
        (await _host.ListAllBookmarksAsync(Now)).Of(DatasetName.Parse("tank/a")).Single().Label.ShouldBe("edge");
        var bookmark = SnapshotName.Parse("tank/a#edge");
        await _host.DestroyBookmarksAsync([bookmark, bookmark], Now);
        (await _host.ListAllBookmarksAsync(Now)).ByDataset.ShouldBeEmpty();
    }

    private static SnapshotName Snapshot(string label) => SnapshotName.Of(DatasetName.Parse("tank/a"), label);

    private async Task Take(params string[] labels)
    {
        foreach (var label in labels)
            await _host.TakeSnapshotsAsync([Snapshot(label)], Now);
    }

    private async Task<IEnumerable<string>> Labels() =>
        (await _host.ListAllSnapshotsAsync(await _host.DetectAsync(Now), Now))
            .Of(DatasetName.Parse("tank/a"))
            .Select(snapshot => snapshot.Label);
}

using Shouldly;
using Xunit;

namespace ZfsSync.Testing.Zfs;

public abstract partial class ZfsContract
{
    private string Held(string snapshot) =>
        zfs.SaysWhoHolds
            ? $"cannot destroy snapshot {snapshot}: it's being held. Run 'zfs holds -r {snapshot}' to see holders."
            : $"cannot destroy snapshot {snapshot}: dataset is busy";

    [Fact]
    [Trait("Scenario", "73")]
    public async Task A_held_snapshot_stops_the_destruction_of_all_that_are_named_with_it()
    {
        await History("S/a", "1", "2", "3");
        await Ok("hold keep S/a@2");
        await Refuses("destroy S/a@2", 1, Held("S/a@2"));
        await Refuses("destroy S/a@1,2,3", 1, Held("S/a@2"));
        (await SnapshotsOf("S/a")).ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    [Trait("Scenario", "74")]
    public async Task A_missing_snapshot_among_others_is_no_error()
    {
        await History("S/a", "1", "2");
        await Ok("destroy S/a@1,none");
        (await SnapshotsOf("S/a")).ShouldBe(["2"]);
        await Refuses("destroy S/a@none", 1, "could not find any snapshots to destroy; check snapshot names.");
        await Refuses("destroy S/none@1", 1, "cannot open 'S/none': dataset does not exist");
    }

    [Fact]
    public async Task A_range_goes_from_one_to_another_in_order_of_making()
    {
        await History("S/a", "d", "c", "b", "a");
        await Refuses("destroy S/a@b%c", 1, "could not find any snapshots to destroy; check snapshot names.");
        await Refuses("destroy S/a@none%c", 1, "could not find any snapshots to destroy; check snapshot names.");
        await Ok("destroy S/a@c%b");
        (await SnapshotsOf("S/a")).ShouldBe(["d", "a"]);
    }

    [Fact]
    public async Task A_range_without_an_end_goes_to_the_first_or_last()
    {
        await History("S/a", "1", "2", "3", "4");
        await Ok("destroy S/a@3%");
        await Ok("destroy S/a@%1");
        (await SnapshotsOf("S/a")).ShouldBe(["2"]);
    }

    [Fact]
    public async Task A_preview_names_what_would_go_and_the_bytes()
    {
        await History("S/a", "1", "2");
        await Write("S/a", "file-1");
        await Ok("snapshot S/a@3");
        var lines = await Lines("destroy -nvp S/a@1%2");
        lines[..2].ShouldBe(["destroy\tS/a@1", "destroy\tS/a@2"]);
        lines[2].ShouldStartWith("reclaim\t");
        long.Parse(lines[2].Split('\t')[1]).ShouldBeInRange(1 << 20, 2 << 20);
        (await Lines("destroy -nv S/a@1"))[0].ShouldBe("would destroy S/a@1");
        (await SnapshotsOf("S/a")).ShouldBe(["1", "2", "3"]);
    }

    [Fact]
    public async Task A_deferred_destruction_waits_for_the_last_hold()
    {
        await History("S/a", "1");
        await Ok("hold keep S/a@1");
        await Ok("destroy -d S/a@1");
        (await Value("S/a@1", "defer_destroy")).ShouldBe("on");
        await Ok("release keep S/a@1");
        (await SnapshotsOf("S/a")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_dataset_with_anything_below_it_needs_r()
    {
        await History("S/a", "1");
        await Ok("create S/a/b");
        await Refuses(
            "destroy S/a",
            1,
            "cannot destroy 'S/a': filesystem has children\nuse '-r' to destroy the following datasets:\nS/a/b\nS/a@1"
        );
        await Ok("destroy -r S/a");
        await Refuses("list S/a", 1, "cannot open 'S/a': dataset does not exist");
    }

    [Fact]
    public async Task A_dataset_with_a_held_snapshot_stays_with_r()
    {
        await History("S/a", "1");
        await Ok("hold keep S/a@1");
        await Refuses("destroy -r S/a", 1, Held("S/a@1"));
        (await SnapshotsOf("S/a")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_pool_s_root_is_never_destroyed()
    {
        var result = await RunAsync(["destroy", ZfsUnderTest.SourcePool]);
        result.ExitCode.ShouldBe(1);
        Told(result).ShouldStartWith($"cannot destroy '{ZfsUnderTest.SourcePool}': operation does not apply to pools");
    }

    [Fact]
    public async Task A_snapshot_with_a_clone_is_not_destroyed()
    {
        await History("S/a", "1");
        await Ok("clone S/a@1 S/c");
        (await Values("S/c", "origin,written")).ShouldBe(["S/a@1", "0"]);
        (await Value("S/a@1", "clones")).ShouldBe("S/c");
        await Refuses(
            "destroy S/a@1",
            1,
            "cannot destroy 'S/a@1': snapshot has dependent clones\nuse '-R' to destroy the following datasets:\nS/c"
        );
        await Refuses(
            "destroy -r S/a",
            1,
            "cannot destroy 'S/a': filesystem has dependent clones\nuse '-R' to destroy the following datasets:\nS/c"
        );
        await Ok("destroy -R S/a@1");
        (await Lines("list -H -r -t all -o name S")).ShouldBe(["S", "S/a"]);
    }

    [Fact]
    public async Task A_promoted_clone_takes_the_snapshots_up_to_its_origin_and_the_bookmarks()
    {
        await History("S/a", "1", "2", "3");
        await Ok("bookmark S/a@1 S/a#b");
        await Ok("clone S/a@2 S/c");
        await Ok("promote S/c");
        (await Lines("list -H -t all -r -o name,origin S/a")).ShouldBe(["S/a\tS/c@2", "S/a@3\t-"]);
        (await Lines("list -H -t all -r -o name S/c")).ShouldBe(["S/c", "S/c@1", "S/c@2", "S/c#b"]);
        await Refuses("promote S/c", 1, "cannot promote 'S/c': not a cloned filesystem");
    }

    [Fact]
    public async Task Clones_that_cannot_be_are_refused()
    {
        await History("S/a", "1");
        await Refuses("clone S/a@none S/c", 1, "cannot open 'S/a@none': dataset does not exist");
        await Refuses("clone S/a@1 T/c", 1, "cannot create 'T/c': source and target pools differ");
        await Refuses("clone S/a@1 S/a", 1, "cannot create 'S/a': dataset already exists");
        await Refuses("clone S/a S/c", 1, "cannot open 'S/a': missing '@' delimiter in snapshot name");
    }

    [Fact]
    [Trait("Scenario", "27")]
    public async Task A_renamed_snapshot_keeps_its_guid()
    {
        await History("S/a", "1");
        var guid = await Value("S/a@1", "guid");
        await Ok("rename S/a@1 S/a@2");
        await Ok("rename", Source + "/a@2", "three");
        (await Value("S/a@three", "guid")).ShouldBe(guid);
    }

    [Fact]
    [Trait("Scenario", "28")]
    public async Task A_renamed_dataset_keeps_everything_below_it()
    {
        await History("S/a", "1");
        await Ok("create S/a/b");
        var guid = await Value("S/a@1", "guid");
        await Ok("rename -p S/a S/x/y/z");
        (await Value("S/x/y/z@1", "guid")).ShouldBe(guid);
        await Ok("list S/x/y/z/b");
    }

    [Fact]
    public async Task Renames_that_cannot_be_are_refused()
    {
        await History("S/a", "1", "2");
        await Ok("create S/b");
        await Refuses("rename S/a@1 S/b@1", 1, "cannot rename to 'S/b@1': snapshots must be part of same dataset");
        await Refuses("rename S/a@1 S/a@2", 1, "cannot rename 'S/a@1': dataset already exists");
        await Refuses("rename S/a T/a", 1, "cannot rename to 'T/a': datasets must be within same pool");
        await Refuses(
            "rename S/a S/a/b",
            1,
            "cannot rename to 'S/a/b': New dataset name cannot be a descendant of current dataset name"
        );
        await Refuses("rename S/a S/b", 1, "cannot rename 'S/a': dataset already exists");
        await Refuses("rename S/a S/none/a", 1, "cannot create 'S/none/a': parent does not exist");
        await Refuses("rename S/a@none S/a@x", 1, "cannot open 'S/a@none': dataset does not exist");
    }

    [Fact]
    public async Task A_rollback_brings_the_files_back()
    {
        await History("S/a", "1");
        var before = await Hashes("S/a");
        await Write("S/a", "file-1");
        (await Hashes("S/a")).ShouldNotBe(before);
        await Ok("rollback S/a@1");
        (await Hashes("S/a")).ShouldBe(before);
        (await Value("S/a", "written")).ShouldBe("0");
    }

    [Fact]
    public async Task A_rollback_past_newer_snapshots_takes_them_and_newer_bookmarks_with_r()
    {
        await History("S/a", "1", "2");
        await Ok("bookmark S/a@1 S/a#old");
        await Ok("bookmark S/a@2 S/a#new");
        await Refuses(
            "rollback S/a@1",
            1,
            "cannot rollback to 'S/a@1': more recent snapshots or bookmarks exist\n"
                + "use '-r' to force deletion of the following snapshots and bookmarks:\nS/a@2\nS/a#new"
        );
        await Ok("rollback -r S/a@1");
        (await Lines("list -H -t all -r -o name S/a")).ShouldBe(["S/a", "S/a@1", "S/a#old"]);
    }

    [Fact]
    public async Task A_rollback_past_a_held_snapshot_or_a_clone_is_refused()
    {
        await History("S/a", "1", "2");
        await Ok("hold keep S/a@2");
        await Refuses("rollback -r S/a@1", 1, "cannot destroy 'S/a@2': dataset is busy");
        await Ok("release keep S/a@2");
        await Ok("clone S/a@2 S/c");
        await Refuses(
            "rollback -r S/a@1",
            1,
            "cannot rollback to 'S/a@1': clones of previous snapshots exist\n"
                + "use '-R' to force deletion of the following clones and dependents:\nS/c"
        );
    }
}

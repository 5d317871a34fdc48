using Shouldly;
using Xunit;

namespace ZfsSync.Testing.Zfs;

/// <summary>What random sequences found of destroying, rolling back and promoting.</summary>
public abstract partial class ZfsContract
{
    [Fact]
    public async Task A_rollback_that_a_hold_stops_has_destroyed_the_snapshots_it_could()
    {
        await History("S/a", "1", "2", "3");
        await Ok("hold keep S/a@2");
        await Refuses("rollback -r S/a@1", 1, "cannot destroy 'S/a@2': dataset is busy");
        (await SnapshotsOf("S/a")).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task A_recursive_destruction_goes_on_past_what_it_cannot_destroy()
    {
        await History("S/a", "1");
        await History("S/a/b", "1");
        await Ok("hold keep S/a/b@1");
        await Refuses("destroy -r S/a", 1, $"{Held("S/a/b@1")}\ncannot unmount '/S/a': pool or dataset is busy");
        (await Lines("list -H -r -t all -o name,mounted S/a")).ShouldBe(["S/a\tyes", "S/a/b\tyes", "S/a/b@1\t-"]);
    }

    [Fact]
    public async Task A_dataset_whose_snapshots_one_inside_it_is_a_clone_of_can_be_destroyed_but_not_the_other_way_round()
    {
        await History("S/a", "1");
        await Ok("clone S/a@1 S/a/b");
        await Ok("destroy -r S/a");
        await History("S/a", "1");
        await Ok("clone S/a@1 S/a/b");
        await Ok("promote S/a/b");
        await Refuses("destroy -r S/a", 1, "cannot determine dependent datasets: recursive dependency at 'S/a'");
        (await Lines("list -H -r -t all -o name S/a")).ShouldBe(["S/a", "S/a/b", "S/a/b@1"]);
    }

    [Fact]
    public async Task A_rollback_past_the_base_of_a_partial_receive_needs_R()
    {
        await History("S/a", "1", "2", "3");
        await Transfers("S/a@1", "-u T/a");
        await Transfers("-i @1 S/a@2", "-u T/a");
        await Cut("-i @2 S/a@3", "-s -u T/a");
        await Refuses(
            "rollback -r T/a@1",
            1,
            "cannot rollback to 'T/a@1': clones of previous snapshots exist\nuse '-R' to force deletion of the following clones and dependents:\nT/a/%recv"
        );
        await Ok("rollback -R T/a@1");
        (await Value("T/a", "receive_resume_token")).ShouldBe("-");
        (await SnapshotsOf("T/a")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task The_base_of_a_partial_receive_that_is_to_go_goes_with_it()
    {
        await History("S/a", "1", "2");
        await Transfers("S/a@1", "-u T/a");
        await Cut("-i @1 S/a@2", "-s -u T/a");
        (await Value("T/a@1", "clones")).ShouldBe("T/a/%recv");
        await Ok("destroy -d T/a@1");
        (await Value("T/a@1", "defer_destroy")).ShouldBe("on");
        await Ok("receive -A T/a");
        (await SnapshotsOf("T/a")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_recursive_release_says_what_was_wrong_with_the_last_dataset()
    {
        await History("S/a", "1");
        await Refuses(
            "release -r keep S/a@1",
            1,
            "cannot release hold from snapshot 'S/a@1': no such tag on this dataset"
        );
        await Ok("create S/a/b");
        await Refuses("release -r keep S/a@1", 1, "cannot release hold from snapshot 'S/a@1': dataset does not exist");
    }

    [Fact]
    public async Task A_bookmark_may_be_of_what_its_dataset_was_cloned_from()
    {
        await History("S/a", "1", "2");
        await Ok("bookmark S/a@1 S/a#old");
        await Ok("clone S/a@1 S/c");
        await Ok("bookmark S/a@1 S/c#x");
        await Ok("bookmark S/a#old S/c#y");
        (await Value("S/c#x", "guid")).ShouldBe(await Value("S/a@1", "guid"));
        await Refuses(
            "bookmark S/a@2 S/c#z",
            1,
            "cannot create bookmark 'S/c#z': source is not an ancestor of the new bookmark's dataset"
        );
    }

    [Fact]
    public async Task A_clone_is_not_promoted_over_a_snapshot_of_its_own_nor_out_of_its_encryption_root()
    {
        await History("S/a", "1");
        await Ok("clone S/a@1 S/c");
        await Ok("snapshot S/c@1");
        await Refuses("promote S/c", 1, "cannot promote 'S/c': conflicting snapshot '1' from parent 'S/a@1'");
        await Encrypted("S/e");
        await Ok("create S/e/x");
        await Ok("snapshot S/e/x@1");
        await Ok("clone S/e/x@1 S/out");
        await Refuses("promote S/out", 1, "cannot promote 'S/out': cannot promote dataset outside its encryption root");
        await Ok("rename S/out S/other");
        await Refuses(
            "rename S/e/x S/x",
            1,
            "cannot rename 'S/e/x': cannot move encrypted child outside of its encryption root"
        );
    }

    [Fact]
    public async Task A_destruction_of_snapshots_with_their_clones_tells_of_those_that_went_with_a_clone()
    {
        await History("S/a", "1");
        await Ok("clone S/a@1 S/a/c");
        await Ok("snapshot S/a/c@2");
        var result = await RunAsync(["destroy", "-R", "S/a@%"]);
        Shown(Told(result)).ShouldBe("cannot open 'S/a/c@2': dataset does not exist");
        result.ExitCode.ShouldBe(0);
        (await Lines("list -H -r -t all -o name S/a")).ShouldBe(["S/a"]);
    }
}

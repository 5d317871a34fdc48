using Shouldly;
using Xunit;

namespace ZfsSync.Testing.Zfs;

/// <summary>What random sequences of commands found to be different from what was thought.</summary>
public abstract partial class ZfsContract
{
    [Fact]
    public async Task A_filesystem_mounted_in_another_is_written_into_that()
    {
        await History("S/a", "1");
        (await Value("S/a", "written")).ShouldBe("0");
        await Ok("create S/a/b");
        await Settled();
        (await Value("S/a", "written")).ShouldNotBe("0", "the directory to mount on was made");
        await Ok("snapshot S/a@2");
        await Ok("rename S/a/b S/a/c");
        await Settled();
        (await Value("S/a", "written")).ShouldNotBe("0", "one directory went and another came");
        await Ok("snapshot S/a@3");
        await Ok("create -u S/a/d");
        await Settled();
        (await Value("S/a", "written")).ShouldBe("0");
        await Ok("destroy S/a/c");
        await Settled();
        (await Value("S/a", "written")).ShouldNotBe("0", "the directory was removed");
    }

    [Fact]
    public async Task Without_a_snapshot_all_of_a_dataset_is_written()
    {
        (await Value("S", "written")).ShouldNotBe("0");
        await History("S/a", "1");
        await Ok("clone S/a@1 S/c");
        await Ok("snapshot S/c@2");
        (await Values("S/c@2", "written,volsize")).ShouldBe(
            ["0", "-"],
            "a clone's first snapshot counts from its origin"
        );
    }

    [Fact]
    public async Task A_rename_to_its_own_name_does_nothing()
    {
        await History("S/a", "1");
        await Ok("rename S/a S/a");
        await Ok("rename S/a@1 S/a@1");
        (await SnapshotsOf("S/a")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Snapshots_made_together_are_of_one_pool_and_a_name_said_twice_is_one()
    {
        await Ok("snapshot S@1 S@1");
        await Refuses(
            "snapshot S@2 T@2",
            1,
            "cannot create snapshots : multiple snapshots of same fs not allowed\nno snapshots were created"
        );
        (await SnapshotsOf("S")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task Properties_that_do_not_fit_are_refused()
    {
        await History("S/a", "1");
        await Refuses(
            "inherit -S readonly S/a@1",
            1,
            "cannot inherit readonly for 'S/a@1': property doesn't apply to datasets of this type"
        );
        await Ok("inherit -r readonly S/a@1");
        await Ok("set x:y=1 S/a");
        await Ok("bookmark S/a@1 S/a#b");
        (await Lines("list -H -t all -o name,x:y -r S/a")).ShouldBe(["S/a\t1", "S/a@1\t1", "S/a#b\t-"]);
        await Ok("set x:y=2 S/a@1");
        await Ok("inherit -r x:y S/a");
        (await Lines("list -H -t all -o name,x:y -r S/a")).ShouldBe(["S/a\t-", "S/a@1\t-", "S/a#b\t-"]);
    }

    [Fact]
    public async Task A_range_from_a_snapshot_to_itself_has_nothing()
    {
        await History("S/a", "1");
        await RefusesToSend(
            "-I @1 S/a@1",
            "WARNING: could not send S/a@1:\nincremental source (S/a@1) is not earlier than it"
        );
    }

    [Fact]
    public async Task A_receive_below_a_dataset_wants_it_to_be_there()
    {
        await History("S/a", "1");
        await RefusesStream("S/a@1", "-e T/none", "cannot receive: specified fs (T/none) does not exist");
        await RefusesStream("S/a@1", "-d T/none", "cannot receive: specified fs (T/none) does not exist");
        await RefusesStream("S/a@none", "-d T/none", "cannot receive: specified fs (T/none) does not exist");
    }

    [Fact]
    public async Task An_increment_mounts_nothing_and_writes_nothing_when_nothing_changed()
    {
        await History("S/a", "1");
        await Ok("snapshot S/a@2");
        await Ok("snapshot S/a@3");
        await Transfers("S/a@1", "-u T/a");
        await Transfers("-I @1 S/a@3", "T/a");
        (await Values("T/a", "mounted,written")).ShouldBe(["no", "0"]);
        (await Value("T/a@3", "written")).ShouldBe("0");
        await Ok("destroy T/a@3");
        (await Value("T/a", "written")).ShouldBe("0");
        await Transfers("-i @2 S/a@3", "T/a");
    }

    [Fact]
    public async Task A_first_stream_is_not_resumed_into_a_dataset_that_is_there()
    {
        await History("S/a", "1");
        await Cut("S/a@1", "-s -u T/a");
        var token = await Token("T/a");
        await RefusesStream(
            $"-t {token}",
            "-s -u T",
            zfs.IsAtLeast22
                ? "cannot receive resume stream: Resuming recv on existing destination 'T'\nmust specify -F to overwrite it"
                : "cannot receive resume stream: kernel modules must be upgraded to receive this stream."
        );
    }

    [Fact]
    public async Task A_half_received_dataset_has_its_properties_and_may_get_children_that_keep_it()
    {
        await History("S/a", "1");
        await Cut("S/a@1", "-s -u -o x:y=1 T/a");
        (await Value("T/a", "x:y")).ShouldBe("1");
        await Transfers("S/a@1", "-u T/a/b");
        await Refuses("receive -A T/a", 1, "cannot destroy 'T/a': dataset already exists");
    }

    [Fact]
    public async Task A_full_replication_stream_destroys_nothing_with_F()
    {
        await History("S/a", "1");
        await Ok("create T/own");
        await Transfers("-R S/a@1", "-u -F T");
        await Ok("list T/own");
    }

    [Fact]
    public async Task A_clone_keeps_the_encryption_root_of_its_origin()
    {
        await Ok($"create -o encryption=on -o keyformat=raw -o keylocation={zfs.KeyLocation(false)} S/e");
        await Ok("snapshot S/e@1");
        await Ok("clone S/e@1 S/c");
        (await Value("S/c", "encryptionroot")).ShouldBe("S/e");
        await Ok("promote S/c");
        (await Values("S/e", "encryptionroot,keystatus,mounted")).ShouldBe(
            ["S/c", "unavailable", "yes"],
            "a promoted clone takes the root with it, and the key must be loaded again"
        );
        await Refuses(
            "clone S/c@1 S/d",
            1,
            "cannot mount '/S/d': encryption key not loaded\nfilesystem successfully created, but not mounted"
        );
        await Ok("promote S/e");
        (await Values("S/c", "encryptionroot,keystatus")).ShouldBe(["S/e", "available"], "it kept the key");
    }

    [Fact]
    public async Task A_stream_with_embedded_data_is_not_encrypted_on_arrival()
    {
        await Ok($"create -o encryption=on -o keyformat=raw -o keylocation={zfs.KeyLocation(false)} T/e");
        await History("S/a", "1");
        await RefusesStream(
            "-e S/a@1",
            "-u T/e/a",
            "cannot receive new filesystem stream: incompatible embedded data stream feature with encrypted receive."
        );
    }

    [Fact]
    public async Task A_refusal_names_all_that_depends_on_a_clone()
    {
        await History("S/a", "1");
        await Ok("clone S/a@1 S/c");
        await Ok("create S/c/d");
        await Refuses(
            "destroy S/a@1",
            1,
            "cannot destroy 'S/a@1': snapshot has dependent clones\nuse '-R' to destroy the following datasets:\nS/c/d\nS/c"
        );
    }

    [Fact]
    public async Task Below_what_is_read_only_a_filesystem_is_made_but_not_mounted()
    {
        await Ok("create S/a");
        await Ok("set readonly=on S/a");
        const string Failure = "cannot mount '/S/a/b': failed to create mountpoint: Read-only file system";
        await Refuses("create S/a/b", 1, $"{Failure}\nfilesystem successfully created, but not mounted");
        await Refuses("mount S/a/b", 1, Failure);
        (await Values("S/a/b", "mounted,readonly")).ShouldBe(["no", "on"]);
    }

    [Fact]
    public async Task A_R_stream_is_refused_for_what_is_wrong_nearest_to_its_top()
    {
        await Ok("create S/a");
        await Encrypted("S/a/e");
        await Ok("create S/a/e/b");
        await Ok("snapshot S/a@1 S/a/e@1");
        await RefusesToSend(
            "-R S/a@1",
            "cannot send S/a@1: encrypted dataset S/a/e may not be sent with properties without the raw flag\nwarning: cannot send 'S/a@1': backup failed"
        );
    }

    /// <summary>What was written by mounting is counted when its transaction group is on disk.</summary>
    private Task Settled() => zfs.SettleAsync(Cancellation);
}

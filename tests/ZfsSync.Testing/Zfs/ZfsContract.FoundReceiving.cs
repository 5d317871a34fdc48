using Shouldly;
using Xunit;

namespace ZfsSync.Testing.Zfs;

/// <summary>What random sequences found of receiving.</summary>
public abstract partial class ZfsContract
{
    [Fact]
    public async Task A_forced_receive_that_a_hold_stops_at_its_end_keeps_what_arrived()
    {
        await History("S/a", "1", "2", "3");
        await Transfers("S/a@1", "-u T/a");
        await Transfers("-i @1 S/a@2", "-u T/a");
        await Ok("hold keep T/a@2");
        await RefusesStream("-i @1 S/a@3", "-s -u -F T/a", "cannot receive incremental stream: dataset is busy");
        (await Value("T/a", "receive_resume_token")).ShouldNotBe("-");
    }

    [Fact]
    public async Task A_stream_of_a_clone_needs_its_origin_on_the_target()
    {
        await History("S/a", "1");
        await Ok("clone S/a@1 S/c");
        await Ok("snapshot S/c@2");
        await RefusesStream("-i S/a@1 S/c@2", "-u T/c", "cannot receive: local origin for clone T/c@2 does not exist");
        await Transfers("S/a@1", "-u T/a");
        await Transfers("-i S/a@1 S/c@2", "-u T/c");
        (await Value("T/c", "origin")).ShouldBe("T/a@1");
        (await Value("T/c@2", "written")).ShouldBe("0", "nothing changed since its origin");
        await Ok("destroy T/c@2");
        await RefusesStream(
            "S/a@1",
            "-u -F T/c",
            "cannot receive new filesystem stream: destination 'T/c' is a clone\nmust destroy it to overwrite it"
        );
    }

    [Fact]
    public async Task A_forced_full_receive_unmounts_and_with_u_leaves_it_so()
    {
        await History("S/a", "1");
        await Ok("create T/a");
        await Transfers("S/a@1", "-u -F T/a");
        (await Value("T/a", "mounted")).ShouldBe("no");
        await Ok("create T/b");
        await Transfers("S/a@1", "-F T/b");
        (await Value("T/b", "mounted")).ShouldBe("yes");
    }

    [Fact]
    public async Task A_stream_with_a_list_mounts_the_dataset_and_all_below_it()
    {
        await History("S/a", "1", "2");
        await Transfers("S/a@1", "-u T/a");
        await Ok("create -u T/a/b");
        await Transfers("-i @1 -p S/a@2", "T/a");
        (await Lines("list -H -r -o name,mounted T/a")).ShouldBe(["T/a\tyes", "T/a/b\tyes"]);
    }

    [Fact]
    public async Task The_first_properties_that_arrive_take_the_place_of_those_that_were_set()
    {
        await History("S/a", "1", "2", "3");
        await Transfers("S/a@1", "-u T/a");
        await Ok("set x:y=own T/a");
        await Ok("set readonly=on T/a");
        await Transfers("-i @1 -p S/a@2", "-u T/a");
        (await Values("T/a", "x:y,readonly")).ShouldBe(["-", "off"]);
        await Ok("set x:y=own T/a");
        await Transfers("-i @2 -p S/a@3", "-u T/a");
        (await Value("T/a", "x:y")).ShouldBe("own");
    }

    [Fact]
    public async Task What_is_set_is_not_excluded_and_what_is_excluded_stays_so()
    {
        await History("S/a", "1", "2");
        await Transfers("-p S/a@1", "-u -x x:y T/a");
        await Ok("set x:y=2 S/a");
        await Ok("snapshot S/a@3");
        await Transfers("-i @1 -p S/a@3", "-u T/a");
        (await Sources("T/a", "x:y")).ShouldBe(["-\t-"]);
        await Ok("set x:z=own T/a");
        await Ok("snapshot S/a@4");
        await Transfers("-i @3 -p S/a@4", "-u -x x:z T/a");
        (await Sources("T/a", "x:z")).ShouldBe(["own\tlocal"]);
    }

    [Fact]
    public async Task Properties_of_a_snapshot_travel_with_its_holds()
    {
        await History("S/a", "1");
        await Ok("set x:y=1 S/a@1");
        await Ok("set x:y=2 S/a");
        await Transfers("-h S/a@1", "-u T/a");
        (await Sources("T/a@1", "x:y")).ShouldBe(["1\treceived"]);
        (await Sources("T/a", "x:y")).ShouldBe(["-\t-"]);
        await Encrypted("S/e");
        await Ok("snapshot S/e@1");
        await RefusesToSend(
            "-h S/e@1",
            "cannot send S/e@1: encrypted dataset S/e may not be sent with properties without the raw flag\nwarning: cannot send 'S/e@1': backup failed"
        );
    }

    [Fact]
    public async Task A_raw_stream_takes_no_other_encryption()
    {
        await EncryptedHistory("S/e", "1");
        await RefusesStream(
            "-w S/e@1",
            "-u -x encryption T/e",
            "cannot receive new filesystem stream: encryption property 'encryption' cannot be set or excluded for raw streams."
        );
    }

    [Fact]
    public async Task A_raw_increment_writes_even_when_nothing_changed()
    {
        await EncryptedHistory("S/e", "1");
        await Ok("snapshot S/e@2");
        (await Value("S/e@2", "written")).ShouldBe("0");
        await Transfers("-w S/e@1", "-u T/e");
        await Transfers("-w -i @1 S/e@2", "-u T/e");
        (await Value("T/e@2", "written")).ShouldNotBe("0");
    }

    [Fact]
    public async Task A_receive_drops_the_head_of_the_names_or_keeps_the_tail()
    {
        await History("S/a", "1");
        var result = await PipeAsync("S/a@1", "-d -e T");
        Told(result.Stages[^1]).ShouldBe("invalid option combination: -d and -e are mutually exclusive");
        result.Stages[^1].ExitCode.ShouldBe(2);
    }

    [Fact]
    public async Task A_recursive_snapshot_leaves_out_what_has_not_all_arrived()
    {
        await History("S/a", "1");
        await Ok("create T/top");
        await Cut("S/a@1", "-s -u T/top/a");
        await Ok("snapshot -r T/top@1");
        (await Lines("list -H -r -t snapshot -o name T/top")).ShouldBe(["T/top@1"]);
        await Refuses("snapshot T/top/a@1", 1, "cannot create snapshot 'T/top/a@1': dataset is busy");
        var nothing = await RunAsync(["snapshot", "-r", "T/top/a@1"]);
        nothing.ExitCode.ShouldNotBe(0);
        Told(nothing).ShouldBe(zfs.IsAtLeast22 ? "no snapshots were created" : "", "zfs 2.1 crashes without a word");
    }

    [Fact]
    public async Task With_d_or_e_an_increment_goes_to_where_its_base_is()
    {
        await History("S/a", "1", "2", "3");
        await Transfers("S/a@1", "-u T/b");
        await Transfers("-i @1 S/a@2", "-u -e T");
        await Transfers("-i @2 S/a@3", "-u -d T");
        (await SnapshotsOf("T/b")).ShouldBe(["1", "2", "3"]);
        await RefusesStream(
            "-i @2 S/a@3",
            "-u T/a",
            "cannot receive incremental stream: destination 'T/a' does not exist"
        );
    }

    [Fact]
    public async Task A_raw_stream_of_a_clone_has_the_encryption_root_of_its_origin()
    {
        await EncryptedHistory("S/e", "1");
        await Ok("clone S/e@1 S/c");
        await Ok("snapshot S/c@2");
        await Transfers("-w S/e@1", "-u T/e");
        await Transfers("-w -i S/e@1 S/c@2", "-u T/c");
        (await Value("T/c", "encryptionroot")).ShouldBe("T/e");
    }

    [Fact]
    public async Task The_top_of_a_raw_R_stream_is_an_encryption_root_of_its_own()
    {
        await Encrypted("S/e");
        await History("S/e/a", "1");
        await Encrypted("T/e");
        await Transfers("-R -w S/e/a@1", "-u T/e/a");
        (await Values("T/e/a", "encryptionroot,keystatus")).ShouldBe(["T/e/a", "unavailable"]);
    }

    [Fact]
    public async Task An_increment_without_changes_that_is_there_already_is_passed_over_since_2_2()
    {
        await History("S/a", "1");
        await Ok("snapshot S/a@2");
        await Transfers("S/a@1", "-u T/a");
        await Transfers("-i @1 S/a@2", "-u T/a");
        if (zfs.IsAtLeast22)
            await Transfers("-i @1 S/a@2", "-u T/a");
        else
            await RefusesStream(
                "-i @1 S/a@2",
                "-u T/a",
                "cannot receive: failed to read from stream\ncannot restore to T/a@2: destination already exists"
            );
    }

    [Fact]
    public async Task Of_an_increment_that_is_cut_after_its_first_record_the_target_is_looked_at_since_2_2()
    {
        await History("S/a", "1");
        await Ok("snapshot S/a@2");
        await Transfers("S/a@1", "-u T/a");
        await Transfers("-i @1 S/a@2", "-u T/a");
        var result = await Cut("-i @1 S/a@2", "-s -u T/a", bytes: 312);
        Shown(Told(result))
            .ShouldBe(
                zfs.IsAtLeast22
                    ? "cannot receive: failed to read from stream\ncannot restore to T/a@2: destination already exists"
                    : "cannot receive incremental stream: incomplete stream"
            );
    }

    [Fact]
    public async Task A_first_stream_of_which_nothing_could_be_kept_leaves_no_dataset()
    {
        await History("S/a", "1");
        var result = await Cut("S/a@1", "-s -u T/a", bytes: 400);
        Shown(Told(result))
            .ShouldBe(
                "cannot open 'T/a': dataset does not exist\ncannot receive new filesystem stream: invalid backup stream"
            );
    }

    [Fact]
    public async Task A_raw_stream_with_a_list_that_leaves_nothing_is_looked_for_since_2_2()
    {
        await EncryptedHistory("S/e", "1");
        var result = await Cut("-w -p S/e@1", "-u T/e");
        Shown(Told(result))
            .ShouldBe(
                "cannot receive new filesystem stream: incomplete stream"
                    + (zfs.IsAtLeast22 ? "\ncannot open 'T/e': dataset does not exist" : "")
            );
    }

    [Fact]
    public async Task A_stream_with_a_list_has_an_end_of_its_own()
    {
        await History("S/a", "1");
        var result = await Cut("-p S/a@1", "-s T/a", bytes: -100);
        Shown(Told(result)).ShouldBe("cannot receive: failed to read from stream");
        (await Values("T/a", "mounted,receive_resume_token")).ShouldBe(["no", "-"]);
        (await SnapshotsOf("T/a")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task What_is_set_with_a_R_stream_is_set_on_its_top_and_inherited_below()
    {
        await Ok("create S/a");
        await Ok("create -o x:y=source S/a/b");
        await Ok("snapshot -r S/a@1");
        await Transfers("-R S/a@1", "-u -o x:y=own -o readonly=on T/a");
        (await Sources("T/a", "x:y,readonly")).ShouldBe(["own\tlocal", "on\tlocal"]);
        (await Sources("T/a/b", "x:y,readonly")).ShouldBe(["own\tinherited from T/a", "on\tinherited from T/a"]);
    }

    [Fact]
    public async Task A_receive_that_mounts_makes_the_directory_anew()
    {
        await History("S/a", "1", "2");
        await Ok("create T/a");
        await Settled();
        await Ok("snapshot T@1");
        await Transfers("S/a@1", "-u -F T/a");
        await Ok("mount T/a");
        await Settled();
        (await Value("T", "written")).ShouldBe("0");
        await Ok("unmount T/a");
        await Transfers("-i @1 -p S/a@2", "T/a");
        await Settled();
        (await Value("T", "written")).ShouldNotBe("0");
        await Ok("create T/b");
        await Settled();
        await Ok("snapshot T@2");
        await Transfers("S/a@1", "-F T/b");
        await Settled();
        (await Value("T", "written")).ShouldNotBe("0");
    }

    [Fact]
    public async Task A_first_stream_that_is_cut_leaves_the_directory_it_would_be_mounted_on()
    {
        await History("S/a", "1");
        await Ok("create S/a/b");
        await Settled();
        await Ok("snapshot S/a@2");
        await Transfers("S/a@2", "T/a");
        await Cut("S/a@1", "T/a/b");
        await Settled();
        (await Lines("list -Hp -r -o name,mounted,written T/a")).ShouldBe(["T/a\tyes\t0"]);
    }
}

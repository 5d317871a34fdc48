using Shouldly;
using Xunit;

namespace ZfsSync.Testing.Zfs;

public abstract partial class ZfsContract
{
    [Fact]
    [Trait("Scenario", "02")]
    public async Task A_full_stream_makes_the_dataset_with_the_same_guid_creation_and_files()
    {
        await History("S/a", "1");
        await Transfers("S/a@1", "T/a");
        (await Values("T/a@1", "guid,creation")).ShouldBe(await Values("S/a@1", "guid,creation"));
        (await Hashes("T/a")).ShouldBe(await Hashes("S/a"));
        (await Values("T/a", "written,mounted")).ShouldBe(["0", "yes"]);
        (await Value("T/a", "guid")).ShouldNotBe(await Value("S/a", "guid"));
    }

    [Fact]
    [Trait("Scenario", "01")]
    public async Task An_increment_brings_one_snapshot_and_a_range_brings_all_between()
    {
        await History("S/a", "1", "2", "3", "4");
        await Transfers("S/a@1", "-u T/a");
        await Transfers("-i @1 S/a@2", "-u T/a");
        await Transfers("-I @2 S/a@4", "-u T/a");
        (await SnapshotsOf("T/a")).ShouldBe(["1", "2", "3", "4"]);
        (await Value("T/a@3", "guid")).ShouldBe(await Value("S/a@3", "guid"));
    }

    [Fact]
    public async Task Streams_take_turns_in_one_pipe_each_at_its_receive()
    {
        await History("S/a", "1", "2", "3", "4");
        string[] sends = ["S/a@1", "-i @1 S/a@2", "-I @2 S/a@4"];
        var result = await TurnsAsync(sends, ["-s -u T/a", "-s -u T/a", "-s -u T/a"]);
        result.IsSuccess.ShouldBeTrue(string.Join("", result.Stages.Select(stage => stage.ErrorTail)));
        (await SnapshotsOf("T/a")).ShouldBe(["1", "2", "3", "4"]);
        (await Value("T/a@4", "guid")).ShouldBe(await Value("S/a@4", "guid"));
    }

    [Fact]
    public async Task After_a_stream_that_is_refused_or_not_sent_no_other_takes_its_turn()
    {
        await History("S/a", "1", "2", "3");
        await Transfers("S/a@1", "-u T/a");
        var refused = await TurnsAsync(["S/a@1", "-i @1 S/a@2"], ["-u T/a", "-u T/a"]);
        refused.Stages[^1].ExitCode.ShouldBe(1);
        Told(refused.Stages[^1]).ShouldStartWith("cannot receive new filesystem stream: destination");
        (await SnapshotsOf("T/a")).ShouldBe(["1"]);

        var missing = await TurnsAsync(["-i @1 S/a@2", "-i @2 S/a@no", "-i @2 S/a@3"], ["-u T/a", "-u T/a", "-u T/a"]);
        missing.Stages[0].ExitCode.ShouldBe(1);
        Told(missing.Stages[0]).ShouldEndWith("@no': dataset does not exist");
        (await SnapshotsOf("T/a")).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task A_receive_with_u_does_not_mount()
    {
        await History("S/a", "1");
        await Transfers("S/a@1", "-u T/a");
        (await Value("T/a", "mounted")).ShouldBe("no");
    }

    [Fact]
    [Trait("Scenario", "10")]
    public async Task A_bookmark_is_a_base_after_its_snapshot_is_gone()
    {
        await History("S/a", "1", "2");
        await Transfers("S/a@1", "-u T/a");
        await Ok("bookmark S/a@1 S/a#b");
        await Ok("destroy S/a@1");
        await Transfers("-i #b S/a@2", "-u T/a");
        (await SnapshotsOf("T/a")).ShouldBe(["1", "2"]);
        await RefusesToSend("-I #b S/a@2", "Error: multiple snapshots cannot be sent from a bookmark.");
    }

    [Fact]
    [Trait("Scenario", "27")]
    public async Task A_base_is_found_by_guid_whatever_its_name_on_the_target()
    {
        await History("S/a", "1", "2");
        await Transfers("S/a@1", "-u T/a");
        await Ok("rename T/a@1 T/a@other");
        await Transfers("-i @1 S/a@2", "-u T/a");
        (await SnapshotsOf("T/a")).ShouldBe(["other", "2"]);
    }

    [Fact]
    [Trait("Scenario", "31")]
    public async Task A_full_stream_does_not_overwrite()
    {
        await History("S/a", "1");
        await Transfers("S/a@1", "-u T/a");
        await RefusesStream(
            "S/a@1",
            "-u T/a",
            "cannot receive new filesystem stream: destination 'T/a' exists\nmust specify -F to overwrite it"
        );
        await RefusesStream(
            "S/a@1",
            "-u -F T/a",
            "cannot receive new filesystem stream: destination has snapshots (eg. T/a@1)\nmust destroy them to overwrite it"
        );
        await Ok("create T/b");
        await RefusesStream(
            "S/a@1",
            "-u T/b",
            "cannot receive new filesystem stream: destination 'T/b' exists\nmust specify -F to overwrite it"
        );
        await Transfers("S/a@1", "-u -F T/b");
    }

    [Fact]
    public async Task A_full_stream_into_a_marked_dataset_takes_its_mark_away()
    {
        await History("S/a", "1");
        await Ok("create -o canmount=off -o x:empty=on T/a");
        await Transfers("S/a@1", "-s -u -F -o x:empty=off T/a");
        (await Sources("T/a", "x:empty,canmount")).ShouldBe(["off\tlocal", "off\tlocal"]);
    }

    [Fact]
    public async Task A_stream_needs_a_place()
    {
        await History("S/a", "1", "2");
        await Ok("create -V 16M T/vol");
        await RefusesStream(
            "S/a@1",
            "T/none/a",
            "cannot open 'T/none': dataset does not exist\ncannot receive new filesystem stream: unable to restore to destination"
        );
        await RefusesStream(
            "-i @1 S/a@2",
            "T/none",
            "cannot receive incremental stream: destination 'T/none' does not exist"
        );
        await RefusesStream(
            "S/a@1",
            "T/vol/a",
            "cannot receive new filesystem stream: parent 'T/vol' is not a filesystem"
        );
        await RefusesStream("S/a@1", "T/bad!", "cannot receive: invalid name");
    }

    [Fact]
    [Trait("Scenario", "03")]
    public async Task An_increment_needs_its_base_on_the_target()
    {
        await History("S/a", "1", "2", "3");
        await Transfers("S/a@1", "-u T/a");
        await RefusesStream(
            "-i @2 S/a@3",
            "-u T/a",
            "cannot receive incremental stream: most recent snapshot of T/a does not\nmatch incremental source"
        );
    }

    [Fact]
    [Trait("Scenario", "30")]
    public async Task A_target_that_was_written_to_refuses_an_increment_unless_forced()
    {
        await History("S/a", "1", "2");
        await Transfers("S/a@1", "T/a");
        await Write("T/a", "own");
        await RefusesStream(
            "-i @1 S/a@2",
            "T/a",
            "cannot receive incremental stream: destination T/a has been modified\nsince most recent snapshot"
        );
        await Ok("snapshot T/a@own");
        await RefusesStream(
            "-i @1 S/a@2",
            "T/a",
            "cannot receive incremental stream: destination T/a has been modified\nsince most recent snapshot"
        );
        await Transfers("-i @1 S/a@2", "-F T/a");
        (await SnapshotsOf("T/a")).ShouldBe(["1", "2"]);
        (await Hashes("T/a")).ShouldBe(await Hashes("S/a"));
    }

    [Fact]
    [Trait("Scenario", "29")]
    public async Task A_newer_snapshot_without_data_does_not_stop_an_increment()
    {
        await History("S/a", "1", "2");
        await Transfers("S/a@1", "-u T/a");
        await Ok("snapshot T/a@empty");
        await Transfers("-i @1 S/a@2", "-u T/a");
        (await SnapshotsOf("T/a")).ShouldBe(["1", "empty", "2"]);
    }

    [Fact]
    [Trait("Scenario", "26")]
    public async Task A_snapshot_with_the_same_name_stops_an_increment()
    {
        await History("S/a", "1", "2");
        await Transfers("S/a@1", "-u T/a");
        await Ok("snapshot T/a@2");
        await RefusesStream("-i @1 S/a@2", "-u T/a", "cannot restore to T/a@2: destination already exists");
    }

    [Fact]
    public async Task A_snapshot_that_arrived_before_is_passed_over()
    {
        await History("S/a", "1", "2");
        await Transfers("S/a@1", "-u T/a");
        await Transfers("-i @1 S/a@2", "-u T/a");
        await Transfers("-i @1 S/a@2", "-u T/a");
        (await SnapshotsOf("T/a")).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task A_forced_receive_does_not_go_past_a_hold()
    {
        await History("S/a", "1", "2", "3");
        await Transfers("S/a@1", "-u T/a");
        await Transfers("-i @1 S/a@2", "-u T/a");
        await Ok("hold keep T/a@2");
        await RefusesStream("-i @1 S/a@3", "-u -F T/a", "cannot receive incremental stream: dataset is busy");
        (await SnapshotsOf("T/a")).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task A_stream_can_arrive_under_another_snapshot_name()
    {
        await History("S/a", "1");
        await Transfers("S/a@1", "-u T/a@other");
        (await SnapshotsOf("T/a")).ShouldBe(["other"]);
        await RefusesStream(
            "-R S/a@1",
            "-u T/b@x",
            "cannot receive: cannot specify snapshot name for multi-snapshot stream"
        );
    }

    [Fact]
    public async Task D_and_e_build_the_target_s_name_from_the_source_s()
    {
        await Ok("create S/x");
        await History("S/x/a", "1");
        await Transfers("S/x/a@1", "-u -d T");
        await Ok($"list T/{_name}/x/a@1");
        await Transfers("S/x/a@1", "-u -e T");
        await Ok("list T/a@1");
    }

    [Fact]
    public async Task A_dry_receive_changes_nothing()
    {
        await History("S/a", "1");
        var result = await PipeAsync("S/a@1", "-n -v T/a");
        result.Stages[^1].ExitCode.ShouldBe(0);
        await Refuses("list T/a", 1, "cannot open 'T/a': dataset does not exist");
    }

    [Fact]
    public async Task What_cannot_be_sent_is_refused()
    {
        await History("S/a", "1", "2");
        await RefusesToSend("S/a@none", "cannot open 'S/a@none': dataset does not exist");
        await RefusesToSend("-i @none S/a@2", "cannot open 'S/a@none': dataset does not exist");
        await RefusesToSend(
            "-i #none S/a@2",
            "warning: cannot send 'S/a@2': incremental source (S/a#none) does not exist"
        );
        await RefusesToSend("-i @2 S/a@1", "warning: cannot send 'S/a@1': not an earlier snapshot from the same fs");
        await RefusesToSend("-i @1 S/a@1", "warning: cannot send 'S/a@1': not an earlier snapshot from the same fs");
        await RefusesToSend("-I S/b@1 S/a@2", "incremental source must be in same filesystem", 2);
        await RefusesToSend("-Z S/a@1", "invalid option 'Z'", 2);
    }

    [Fact]
    public async Task A_range_from_a_missing_or_later_snapshot_is_refused()
    {
        await History("S/a", "1", "2");
        await RefusesToSend("-I @2 S/a@1", "WARNING: could not send S/a@1:\nincremental source (S/a@2) does not exist");
        await RefusesToSend("-I @1 S/a@none", "cannot open 'S/a@none': dataset does not exist");
    }
}

using System.Globalization;
using Shouldly;
using Xunit;

namespace ZfsSync.Testing.Zfs;

public abstract partial class ZfsContract
{
    private Task<string> Token(string dataset) => Value(dataset, "receive_resume_token");

    [Fact]
    [Trait("Scenario", "40")]
    public async Task A_cut_first_stream_is_kept_and_completed_from_its_token()
    {
        await History("S/a", "1");
        var failure = await Cut("S/a@1", "-s -u T/a");
        var token = await Token("T/a");
        Shown(Told(failure))
            .ShouldBe(
                "cannot receive new filesystem stream: checksum mismatch or incomplete stream.\nPartially received snapshot is saved.\n"
                    + $"A resuming stream can be generated on the sending system by running:\n    zfs send -t {token}"
            );
        (await Values("T/a", "mounted,type")).ShouldBe(["no", "filesystem"]);
        (await SnapshotsOf("T/a")).ShouldBeEmpty();
        await Transfers($"-t {token}", "-s -u T/a");
        (await Token("T/a")).ShouldBe("-");
        (await Value("T/a@1", "guid")).ShouldBe(await Value("S/a@1", "guid"));
        await Ok("mount T/a");
        (await Hashes("T/a")).ShouldBe(await Hashes("S/a"));
    }

    [Fact]
    [Trait("Scenario", "48")]
    public async Task A_stream_cut_again_goes_on_from_the_new_token()
    {
        await History("S/a", "1");
        await Cut("S/a@1", "-s -u T/a", 300_000);
        var first = await Token("T/a");
        await Cut($"-t {first}", "-s -u T/a", 400_000);
        var second = await Token("T/a");
        second.ShouldNotBe(first);
        await RefusesStream(
            $"-t {first}",
            "-s -u T/a",
            "cannot receive resume stream: kernel modules must be upgraded to receive this stream."
        );
        await Transfers($"-t {second}", "-s -u T/a");
        (await SnapshotsOf("T/a")).ShouldBe(["1"]);
    }

    [Fact]
    public async Task A_cut_increment_leaves_the_dataset_as_it_was()
    {
        await History("S/a", "1", "2");
        await Transfers("S/a@1", "-u T/a");
        await Cut("-i @1 S/a@2", "-s -u T/a");
        (await SnapshotsOf("T/a")).ShouldBe(["1"]);
        (await Value("T/a", "written")).ShouldBe("0");
        await Transfers($"-t {await Token("T/a")}", "-s -u T/a");
        (await SnapshotsOf("T/a")).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task Without_s_a_cut_stream_leaves_nothing()
    {
        await History("S/a", "1", "2");
        Shown(Told(await Cut("S/a@1", "-u T/a"))).ShouldBe("cannot receive new filesystem stream: incomplete stream");
        await Refuses("list T/a", 1, "cannot open 'T/a': dataset does not exist");
        await Transfers("S/a@1", "-u T/a");
        Shown(Told(await Cut("-i @1 S/a@2", "-u T/a")))
            .ShouldBe("cannot receive incremental stream: incomplete stream");
        (await Token("T/a")).ShouldBe("-");
    }

    [Fact]
    public async Task The_first_bytes_alone_leave_nothing()
    {
        await History("S/a", "1");
        Told(await Cut("S/a@1", "-s -u T/a", 100)).ShouldBe("cannot receive: failed to read from stream");
        await Refuses("list T/a", 1, "cannot open 'T/a': dataset does not exist");
    }

    [Fact]
    [Trait("Scenario", "49")]
    public async Task Partial_state_refuses_every_other_stream()
    {
        await History("S/a", "1", "2", "3");
        await Cut("S/a@1", "-s -u T/a");
        await RefusesStream(
            "S/a@1",
            "-s -u T/a",
            "cannot receive new filesystem stream: destination 'T/a' exists\nmust specify -F to overwrite it"
        );
        await RefusesStream(
            "S/a@1",
            "-u -F T/a",
            "cannot receive new filesystem stream: destination T/a contains partially-complete state from \"zfs receive -s\"."
        );
        await Transfers("S/a@1", "-u T/b");
        await Cut("-i @1 S/a@2", "-s -u T/b");
        await RefusesStream(
            "-i @1 S/a@2",
            "-u T/b",
            "cannot receive incremental stream: destination T/b contains partially-complete state from \"zfs receive -s\"."
        );
        await RefusesStream(
            "-i @1 S/a@2",
            "-u -F T/b",
            "cannot receive incremental stream: destination T/b contains partially-complete state from \"zfs receive -s\"."
        );
    }

    [Fact]
    public async Task A_receive_into_a_dataset_that_is_there_fills_a_hidden_one_beside_it()
    {
        await History("S/a", "1");
        await Ok("create T/there");
        await Cut("S/a@1", "-s -u -F T/there");
        await Cut("S/a@1", "-s -u T/new");
        (await Lines("list -H -o name T/there/%recv")).ShouldBe(["T/there/%recv"]);
        await Refuses("list -H -o name T/new/%recv", 1, "cannot open 'T/new/%recv': dataset does not exist");
        await Ok("receive -A T/there");
        await Refuses("list -H -o name T/there/%recv", 1, "cannot open 'T/there/%recv': dataset does not exist");
    }

    [Fact]
    public async Task A_half_received_dataset_takes_no_snapshot_and_is_not_mounted()
    {
        await History("S/a", "1");
        await Cut("S/a@1", "-s -u T/a");
        await Refuses("snapshot T/a@x", 1, "cannot create snapshot 'T/a@x': dataset is busy");
        var result = await RunAsync(Words("mount T/a"));
        result.ExitCode.ShouldBe(1);
        Shown(Told(result)).ShouldStartWith("cannot mount 'T/a': ");
    }

    [Fact]
    public async Task The_base_of_a_partial_increment_cannot_be_destroyed()
    {
        await History("S/a", "1", "2");
        await Transfers("S/a@1", "-u T/a");
        await Cut("-i @1 S/a@2", "-s -u T/a");
        await Refuses(
            "destroy T/a@1",
            1,
            "cannot destroy 'T/a@1': snapshot has dependent clones\nuse '-R' to destroy the following datasets:\nT/a/%recv"
        );
    }

    [Fact]
    [Trait("Scenario", "41")]
    public async Task Aborting_forgets_the_partial_state()
    {
        await History("S/a", "1", "2");
        await Cut("S/a@1", "-s -u T/a");
        await Ok("receive -A T/a");
        await Refuses("list T/a", 1, "cannot open 'T/a': dataset does not exist");
        await Transfers("S/a@1", "-u T/a");
        await Cut("-i @1 S/a@2", "-s -u T/a");
        await Ok("receive -A T/a");
        (await Token("T/a")).ShouldBe("-");
        (await SnapshotsOf("T/a")).ShouldBe(["1"]);
        await Refuses("receive -A T/a", 1, "'T/a' does not have any resumable receive state to abort");
        await Refuses("receive -A T/none", 2, "cannot open 'T/none': dataset does not exist");
    }

    [Fact]
    public async Task A_token_says_what_it_stands_for()
    {
        await History("S/a", "1", "2");
        await Transfers("S/a@1", "-u T/a");
        await Cut("-i @1 S/a@2", "-s -u T/a");
        var lines = await Lines($"send -nvt {await Token("T/a")}");
        lines[..2].ShouldBe(["resume token contents:", "nvlist version: 0"]);
        lines[2].ShouldBe($"\tfromguid = {await HexGuid("S/a@1")}");
        lines.ShouldContain($"\ttoguid = {await HexGuid("S/a@2")}");
        lines.ShouldContain("\ttoname = S/a@2");
        lines[^2].ShouldStartWith("send from S/a@1 to S/a@2 estimated size is ");
    }

    [Fact]
    public async Task A_token_has_the_flags_of_its_stream()
    {
        await History("S/a", "1");
        await Cut("-L -e -c S/a@1", "-s -u T/a");
        var lines = await Lines($"send -nvt {await Token("T/a")}");
        lines.ShouldContain("\tembedok = 1");
        lines.ShouldContain("\tcompressok = 1");
        lines.ShouldNotContain("\tlargeblockok = 1", "there are no large blocks");
    }

    [Fact]
    public async Task A_token_finds_a_renamed_snapshot_by_its_guid()
    {
        await History("S/a", "1");
        await Cut("S/a@1", "-s -u T/a");
        await Ok("rename S/a@1 S/a@renamed");
        await Transfers($"-t {await Token("T/a")}", "-s -u T/a");
        (await SnapshotsOf("T/a")).Length.ShouldBe(1);
    }

    [Fact]
    [Trait("Scenario", "41")]
    public async Task A_token_whose_snapshot_is_gone_is_refused()
    {
        await History("S/a", "1", "2");
        await Cut("S/a@1", "-s -u T/a");
        var token = await Token("T/a");
        await Ok("destroy S/a@1");
        await RefusesToSend(
            $"-t {token}",
            "cannot resume send: 'S/a@1' used in the initial send no longer exists",
            255
        );
        await Ok("snapshot S/a@1");
        await RefusesToSend(
            $"-t {token}",
            "cannot resume send: 'S/a@1' is no longer the same snapshot used in the initial send",
            255
        );
    }

    [Fact]
    public async Task A_token_whose_base_is_gone_is_refused_unless_a_bookmark_is_left()
    {
        await History("S/a", "1", "2");
        await Transfers("S/a@1", "-u T/a");
        await Cut("-i @1 S/a@2", "-s -u T/a");
        var token = await Token("T/a");
        await Ok("bookmark S/a@1 S/a#b");
        var guid = await HexGuid("S/a@1");
        await Ok("destroy S/a@1");
        await Ok($"send -nvt {token}");
        await Ok("destroy S/a#b");
        await RefusesToSend($"-t {token}", $"cannot resume send: incremental source {guid} no longer exists", 255);
    }

    [Fact]
    public async Task A_token_that_is_none_is_refused()
    {
        await RefusesToSend("-t x", "cannot resume send: resume token is corrupt (invalid format)", 255);
        await RefusesToSend("-t 1-aa-b0-78", "cannot resume send: resume token is corrupt (incorrect checksum)", 255);
    }

    [Fact]
    [Trait("Scenario", "44")]
    public async Task A_resumed_stream_fits_only_the_dataset_that_has_its_beginning()
    {
        await History("S/a", "1", "2");
        await Cut("S/a@1", "-s -u T/a");
        var token = await Token("T/a");
        await RefusesStream(
            $"-t {token}",
            "-s -u T/none",
            "cannot receive resume stream: destination 'T/none' does not exist"
        );
        await Ok("create T/other");
        var result = await PipeAsync($"-t {token}", "-s -u T/other");
        result.Stages[^1].ExitCode.ShouldBe(1);
    }

    [Fact]
    [Trait("Scenario", "46")]
    public async Task A_cut_range_keeps_the_snapshots_that_arrived_whole()
    {
        await History("S/a", "1", "2", "3");
        await Transfers("S/a@1", "-u T/a");
        await Cut("-I @1 S/a@3", "-s -u T/a", 1_700_000);
        (await SnapshotsOf("T/a")).ShouldBe(["1", "2"]);
        (await Lines($"send -nvt {await Token("T/a")}")).ShouldContain("\ttoname = S/a@3");
    }

    private async Task<string> HexGuid(string snapshot) =>
        "0x"
        + ulong.Parse(await Value(snapshot, "guid"), CultureInfo.InvariantCulture)
            .ToString("x", CultureInfo.InvariantCulture);
}

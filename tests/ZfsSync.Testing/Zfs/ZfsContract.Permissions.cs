using Shouldly;
using Xunit;

namespace ZfsSync.Testing.Zfs;

public abstract partial class ZfsContract
{
    private Task Allow(string permissions, string dataset) =>
        Ok($"allow {ZfsUnderTest.OrdinaryUser} {permissions} {dataset}");

    [Fact]
    public async Task An_ordinary_user_may_look_but_change_nothing()
    {
        await History("S/a", "1");
        await OrdinaryUser("list -H -o name S/a");
        await OrdinaryUser("send -nvP S/a@1");
        await RefusesOrdinaryUser("snapshot S/a@2", 1, "cannot create snapshots : permission denied");
        await RefusesOrdinaryUser("hold keep S/a@1", 1, "cannot hold: permission denied");
        await RefusesOrdinaryUser("bookmark S/a@1 S/a#b", 1, "cannot create bookmark 'S/a#b': permission denied");
        await RefusesOrdinaryUser("destroy S/a@1", 1, "cannot destroy snapshots: permission denied");
        await RefusesOrdinaryUser("rename S/a@1 S/a@x", 1, "cannot rename 'S/a@1': permission denied");
        await RefusesOrdinaryUser("rollback S/a@1", 1, "cannot rollback 'S/a': permission denied");
        await RefusesOrdinaryUser("set x:y=1 S/a", SetFailure, "cannot set property for 'S/a': permission denied");
        await RefusesOrdinaryUser("create S/a/b", 1, "cannot create 'S/a/b': permission denied");
        await RefusesOrdinaryUser("clone S/a@1 S/a/c", 1, "cannot create 'S/a/c': permission denied");
    }

    [Fact]
    public async Task Each_act_has_its_permission()
    {
        await History("S/a", "1", "2");
        await Allow("snapshot,bookmark,hold,release,destroy,mount,rollback,userprop", "S/a");
        await OrdinaryUser("snapshot S/a@3");
        await OrdinaryUser("bookmark S/a@1 S/a#b");
        await OrdinaryUser("hold keep S/a@1");
        await OrdinaryUser("release keep S/a@1");
        await OrdinaryUser("destroy S/a#b");
        await OrdinaryUser("destroy S/a@1");
        await OrdinaryUser("set x:y=1 S/a");
        await RefusesOrdinaryUser("rename S/a@2 S/a@x", 1, "cannot rename 'S/a@2': permission denied");
        await Allow("rename,create", "S/a");
        await OrdinaryUser("rename S/a@2 S/a@x");
    }

    [Fact]
    public async Task Destroying_a_snapshot_needs_mount_as_well()
    {
        await History("S/a", "1");
        await Allow("destroy", "S/a");
        await RefusesOrdinaryUser("destroy S/a@1", 1, "cannot destroy snapshots: permission denied");
        await Allow("mount", "S/a");
        await OrdinaryUser("destroy S/a@1");
    }

    [Fact]
    public async Task Permissions_hold_for_the_dataset_and_below_unless_l_or_d_says_otherwise()
    {
        await Ok("create S/a");
        await Ok("create S/a/b");
        await Ok($"allow -l {ZfsUnderTest.OrdinaryUser} snapshot S/a");
        await OrdinaryUser("snapshot S/a@1");
        await RefusesOrdinaryUser("snapshot S/a/b@1", 1, "cannot create snapshots : permission denied");
        await Ok($"unallow -l {ZfsUnderTest.OrdinaryUser} snapshot S/a");
        await Ok($"allow -d {ZfsUnderTest.OrdinaryUser} snapshot S/a");
        await OrdinaryUser("snapshot S/a/b@1");
        await RefusesOrdinaryUser("snapshot S/a@2", 1, "cannot create snapshots : permission denied");
    }

    [Fact]
    public async Task Sending_needs_send_and_a_range_needs_hold_as_well()
    {
        await History("S/a", "1", "2", "3");
        (await SendAsOrdinaryUser("S/a@1")).ShouldBe("warning: cannot send 'S/a@1': permission denied");
        await Allow("send", "S/a");
        (await SendAsOrdinaryUser("S/a@1")).ShouldBeEmpty();
        (await SendAsOrdinaryUser("-i @1 S/a@2")).ShouldBeEmpty();
        (await SendAsOrdinaryUser("-I @1 S/a@3")).ShouldBe(
            "cannot hold: permission denied\ncannot send 'S/a': permission denied"
        );
        await Allow("hold", "S/a");
        (await SendAsOrdinaryUser("-I @1 S/a@3")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Receiving_needs_receive_create_and_mount()
    {
        await History("S/a", "1", "2");
        foreach (var permission in new[] { "receive", "create" })
        {
            await RefusesStream(
                "S/a@1",
                "-u T/a",
                "cannot receive new filesystem stream: permission denied",
                isOrdinaryUser: true
            );
            await Allow(permission, "T");
        }
        await RefusesStream(
            "S/a@1",
            "-u T/a",
            "cannot receive new filesystem stream: permission denied",
            isOrdinaryUser: true
        );
        await Allow("mount", "T");
        (await PipeAsync("S/a@1", "-u T/a", isOrdinaryUser: true)).IsSuccess.ShouldBeTrue();
        (await PipeAsync("-i @1 S/a@2", "-u T/a", isOrdinaryUser: true)).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task A_forced_receive_of_an_ordinary_user_takes_newer_snapshots_with_it()
    {
        await History("S/a", "1", "2");
        await Transfers("S/a@1", "-u T/a");
        await Ok("snapshot T/a@own");
        await Allow("receive,create,mount", "T");
        (await PipeAsync("-i @1 S/a@2", "-u -F T/a", isOrdinaryUser: true)).IsSuccess.ShouldBeTrue();
        (await SnapshotsOf("T/a")).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task A_property_that_may_not_be_set_is_told_of_and_the_snapshot_arrives()
    {
        await History("S/a", "1");
        await Allow("receive,create,mount", "T");
        var result = await PipeAsync("S/a@1", "-u -o readonly=on T/a", isOrdinaryUser: true);
        result.IsSuccess.ShouldBeTrue();
        Shown(Told(result.Stages[^1])).ShouldBe("cannot receive readonly property on T/a: permission denied");
        (await Value("T/a", "readonly")).ShouldBe("off");
    }

    [Fact]
    public async Task Aborting_a_receive_needs_destroy()
    {
        await History("S/a", "1");
        await Allow("receive,create,mount", "T");
        await Cut("S/a@1", "-s -u T/a");
        await RefusesOrdinaryUser("receive -A T/a", 1, "cannot destroy 'T/a': permission denied");
        await Allow("destroy", "T");
        await OrdinaryUser("receive -A T/a");
    }

    [Fact]
    public async Task An_ordinary_user_creates_what_only_root_can_mount()
    {
        await Allow("create,mount", "S");
        await RefusesOrdinaryUser(
            "create S/a",
            1,
            "filesystem successfully created, but it may only be mounted by root"
        );
        (await Value("S/a", "mounted")).ShouldBe("no");
        await OrdinaryUser("create -u S/b");
        await RefusesOrdinaryUser("create -o canmount=off S/c", 1, "cannot create 'S/c': permission denied");
        await Allow("canmount", "S");
        await OrdinaryUser("create -o canmount=off S/c");
    }

    [Fact]
    public async Task Grants_are_listed_for_the_dataset_and_those_above_it()
    {
        await Ok("create S/a");
        await Ok($"allow {ZfsUnderTest.OrdinaryUser} send,hold S");
        await Ok($"allow -l {ZfsUnderTest.OrdinaryUser} create S/a");
        await Ok($"allow -d {ZfsUnderTest.OrdinaryUser} mount S/a");
        await Ok("allow everyone snapshot S/a");
        var heading = $"---- Permissions on {Source}/a ".PadRight(70, '-');
        var above = $"---- Permissions on {Source} ".PadRight(70, '-');
        (await Lines("allow S/a")).ShouldBe([
            Shown(heading),
            "Local permissions:",
            "\tuser zfssync create",
            "Descendent permissions:",
            "\tuser zfssync mount",
            "Local+Descendent permissions:",
            "\teveryone snapshot",
            Shown(above),
            "Local+Descendent permissions:",
            "\tuser zfssync hold,send",
        ]);
        await Ok($"unallow {ZfsUnderTest.OrdinaryUser} send,hold S");
        (await Lines("allow S")).ShouldBeEmpty();
    }

    private async Task<string> SendAsOrdinaryUser(string line)
    {
        var command = new Tools.Commands.Command("zfs", ["send", .. Words(line)]);
        var result = await zfs.Runner.PipeAsync(
            [
                zfs.Address(command, isOrdinaryUser: true),
                zfs.Address(new("zfs", "receive", "-u", "-n", Real("T/never")), isOrdinaryUser: false),
            ],
            Tools.Commands.PipeOptions.None,
            Cancellation
        );
        return Shown(Told(result.Stages[0]));
    }
}

using System.Diagnostics;
using Shouldly;
using Xunit;

namespace ZfsSync.Testing.Zfs;

public abstract partial class ZfsContract
{
    [Fact]
    public async Task Files_and_directories_are_counted_mounted_or_not_however_small()
    {
        await Ok("create -o canmount=off S/a");
        (await Lines("userspace -Hpn -o objused S/a")).ShouldBe(["1"], "its root directory");
        await Ok("create S/b");
        await Write("S/b", "small", 1);
        (await Lines("userspace -Hpn -o objused S/b")).ShouldBe(["2"]);
        await Ok("create S/b/c");
        await Ok("create -u -o mountpoint=none S/b/d");
        await Settled();
        (await Lines("list -H -d 1 -t filesystem -o name,mounted,mountpoint S/b")).ShouldBe([
            "S/b\tyes\t/S/b",
            "S/b/c\tyes\t/S/b/c",
            "S/b/d\tno\tnone",
        ]);
        await Ok("unmount S/b/c");
        await Ok("unmount S/b");
        (await Lines("userspace -Hpn -o objused S/b")).ShouldBe(["3"], "with the directory for S/b/c");
        await Ok("create -V 16M S/v");
        await Refuses(
            "userspace -Hpn -o objused S/v",
            1,
            "cannot open 'S/v': operation not applicable to datasets of this type"
        );
    }

    [Fact]
    public async Task Files_are_counted_for_ordinary_users_who_may_ask_for_uses_and_quotas_alike()
    {
        await Ok("create S/a");
        await Allow("userobjused,userused,userquota", "S/a");
        const string denied = "cannot get used/quota for S/a: permission denied";
        await RefusesOrdinaryUser("userspace -Hpn -o objused S/a", 255, denied);
        await Allow("userobjquota", "S/a");
        await OrdinaryUser("userspace -Hpn -o objused S/a");
    }

    [Fact]
    public async Task A_listing_has_one_line_of_tab_separated_cells_for_each_dataset()
    {
        await Ok("create S/a");
        (await Ok("list -Hp -o name,type,guid S/a")).ShouldBe($"S/a\tfilesystem\t{await Value("S/a", "guid")}\n");
    }

    [Fact]
    public async Task Datasets_are_listed_in_byte_order_of_their_whole_names()
    {
        foreach (var name in new[] { "b", "a", "a/x", "a-b" })
            await Ok($"create S/{name}");
        (await Lines("list -H -r -o name S")).ShouldBe(["S", "S/a", "S/a-b", "S/a/x", "S/b"]);
    }

    [Fact]
    public async Task Snapshots_are_listed_in_the_order_of_their_making()
    {
        await History("S/a", "c", "a", "b");
        (await SnapshotsOf("S/a")).ShouldBe(["c", "a", "b"]);
        (await Lines("list -Hp -t snapshot -o name,guid -s createtxg -r S/a"))
            .Select(line => line.Split('\t')[0])
            .ShouldBe(["S/a@c", "S/a@a", "S/a@b"]);
    }

    [Fact]
    public async Task Snapshots_can_be_listed_by_name()
    {
        await History("S/a", "c", "a", "b");
        (await Lines("list -H -t snapshot -o name -s name -r S/a")).ShouldBe(["S/a@a", "S/a@b", "S/a@c"]);
    }

    [Fact]
    public async Task A_snapshot_listing_of_a_dataset_leaves_out_those_below_it()
    {
        await Ok("create S/a");
        await Ok("create S/a/b");
        await Ok("snapshot -r S/a@1");
        (await Lines("list -H -t snapshot -o name S/a")).ShouldBe(["S/a@1"]);
        (await Lines("list -H -t snapshot -d 1 -o name S/a")).ShouldBe(["S/a@1"]);
        (await Lines("list -H -t snapshot -r -o name S/a")).ShouldBe(["S/a@1", "S/a/b@1"]);
    }

    [Fact]
    public async Task All_types_are_listed_as_dataset_snapshots_bookmarks()
    {
        await History("S/a", "2", "1");
        await Ok("bookmark S/a@2 S/a#0");
        (await Lines("list -H -t all -r -o name S/a")).ShouldBe(["S/a", "S/a@2", "S/a@1", "S/a#0"]);
    }

    [Fact]
    public async Task Snapshots_and_bookmarks_of_one_dataset_are_listed_together()
    {
        await History("S/a", "2", "1");
        await Ok("bookmark S/a@2 S/a#0");
        await Ok("create S/a/b");
        await Ok("snapshot S/a/b@3");
        foreach (var sort in new[] { "createtxg", "name" })
            (await Lines($"list -Hp -d 1 -t snapshot,bookmark -o name,guid,createtxg -s {sort} S/a"))
                .Select(line => line.Split('\t')[0])
                .ShouldBe(["S/a@2", "S/a@1", "S/a#0"], ignoreOrder: true);
        await Refuses(
            "list -Hp -d 1 -t snapshot,bookmark -o name,guid,createtxg S/none",
            1,
            "cannot open 'S/none': dataset does not exist"
        );
    }

    [Fact]
    public async Task A_missing_dataset_is_told_of_and_the_others_are_listed()
    {
        await Ok("create S/a");
        var result = await RunAsync(["list", "-H", "-o", "name", "S/none", "S/a"]);
        result.ExitCode.ShouldBe(1);
        Shown(result.Output).ShouldBe("S/a\n");
        Shown(Told(result)).ShouldBe("cannot open 'S/none': dataset does not exist");
    }

    [Fact]
    public async Task A_missing_snapshot_is_a_missing_dataset()
    {
        await Ok("create S/a");
        await Refuses("list -H -t snapshot -o name S/a@none", 1, "cannot open 'S/a@none': dataset does not exist");
    }

    [Fact]
    public async Task A_snapshot_is_listed_by_its_name_without_asking_for_the_type()
    {
        await History("S/a", "1");
        (await Ok("list -H -o name S/a@1")).ShouldBe("S/a@1\n");
    }

    [Fact]
    public async Task A_listing_of_filesystems_refuses_other_types()
    {
        await History("S/a", "1");
        await Ok("create -V 16M S/vol");
        await Refuses(
            "list -t filesystem S/a@1",
            1,
            "cannot open 'S/a@1': snapshot delimiter '@' is not expected here"
        );
        await Refuses(
            "list -t filesystem S/vol",
            1,
            "cannot open 'S/vol': operation not applicable to datasets of this type"
        );
    }

    [Fact]
    public async Task Unknown_options_types_and_columns_are_usage_errors()
    {
        await Refuses("list -Z", 2, "invalid option 'Z'");
        await Refuses("list -o nosuch", 2, "bad property list: invalid property 'nosuch'");
        await Refuses("list -t nosuch", 2, "invalid type 'nosuch'");
        await Refuses("list -s nosuch", 2, "invalid property 'nosuch'");
        await Refuses("frob", 2, "unrecognized command 'frob'");
    }

    [Fact]
    public async Task An_invalid_name_is_refused_with_the_reason()
    {
        await Refuses("list S/a!", 1, "cannot open 'S/a!': invalid character '!' in name");
        await Refuses("list S//a", 1, "cannot open 'S//a': empty component or misplaced '@' or '#' delimiter in name");
        await Refuses("list S/", 1, "cannot open 'S/': trailing slash in name");
    }

    [Fact]
    [Trait("Scenario", "105")]
    public async Task Names_may_have_spaces_colons_dots_and_dashes()
    {
        await Ok("create", "S/with space");
        await Ok("snapshot", "S/with space@a:b c.d-e_f");
        (await Ok("list", "-H", "-t", "snapshot", "-o", "name", "S/with space")).ShouldBe("S/with space@a:b c.d-e_f\n");
    }

    [Fact]
    public async Task Properties_that_do_not_apply_show_a_dash()
    {
        await History("S/a", "1");
        (await Values("S/a@1", "mountpoint,available,receive_resume_token")).ShouldBe(["-", "-", "-"]);
        (await Values("S/a", "userrefs,origin,keystatus,encryptionroot,receive_resume_token")).ShouldBe([
            "-",
            "-",
            "-",
            "-",
            "-",
        ]);
    }

    [Fact]
    public async Task The_change_of_a_dataset_s_snapshots_is_told_since_2_2()
    {
        await Ok("create S/a");
        if (!zfs.IsAtLeast22)
        {
            await Refuses(
                "get -Hp snapshots_changed S/a",
                2,
                "bad property list: invalid property 'snapshots_changed'"
            );
            return;
        }
        (await Value("S/a", "snapshots_changed")).ShouldBe("-");
        await Ok("snapshot S/a@1");
        long.Parse(await Value("S/a", "snapshots_changed")).ShouldBeGreaterThan(1_500_000_000);
    }

    [Fact]
    public async Task Renaming_a_snapshot_shows_as_a_change_of_its_dataset_s_snapshots()
    {
        if (!zfs.IsAtLeast22)
            return;
        await History("S/a", "1");
        var before = await Value("S/a", "snapshots_changed");
        // It tells whole seconds.
        var patience = TimeSpan.FromSeconds(10);
        var (from, to) = ("S/a@1", "S/a@one");
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < patience; (from, to) = (to, from))
        {
            await Ok("rename", from, to);
            if (await Value("S/a", "snapshots_changed") != before)
                return;
            await Task.Delay(100, Cancellation);
        }
        Assert.Fail($"snapshots_changed stayed {before}.");
    }

    [Fact]
    public async Task Pools_are_listed_with_their_health()
    {
        var result = await zfs.Runner.RunAsync(
            zfs.Address(
                new("zpool", "list", "-Hp", "-o", "name,health", ZfsUnderTest.SourcePool),
                isOrdinaryUser: false
            ),
            null,
            Cancellation
        );
        result.Output.ShouldBe($"{ZfsUnderTest.SourcePool}\tONLINE\n");
    }

    [Fact]
    public async Task A_missing_pool_is_told_of()
    {
        var command = new Tools.Commands.Command("zpool", "list", "-Hp", "nosuch");
        var result = await zfs.Runner.RunAsync(zfs.Address(command, isOrdinaryUser: false), null, Cancellation);
        result.ExitCode.ShouldBe(1);
        Told(result).ShouldBe("cannot open 'nosuch': no such pool");
    }

    [Fact]
    public async Task The_version_is_told_for_the_program_and_the_kernel()
    {
        var lines = await Lines("version");
        lines[0].ShouldStartWith("zfs-2.");
        lines[1].ShouldStartWith("zfs-kmod-2.");
    }
}

using Shouldly;
using Xunit;

namespace ZfsSync.Testing.Zfs;

public abstract partial class ZfsContract
{
    [Fact]
    public async Task Snapshots_taken_together_share_their_txg()
    {
        await Ok("create S/a");
        await Ok("create S/a/b");
        await Ok("snapshot -r S/a@1");
        (await Value("S/a/b@1", "createtxg")).ShouldBe(await Value("S/a@1", "createtxg"));
        (await Value("S/a/b@1", "guid")).ShouldNotBe(await Value("S/a@1", "guid"));
    }

    [Fact]
    public async Task Nothing_is_written_after_a_snapshot_until_something_is()
    {
        await History("S/a", "1");
        (await Value("S/a", "written")).ShouldBe("0");
        await Write("S/a", "more");
        long.Parse(await Value("S/a", "written")).ShouldBeInRange(1 << 20, 2 << 20);
        await Ok("snapshot S/a@2");
        (await Value("S/a", "written")).ShouldBe("0");
        long.Parse(await Value("S/a@2", "written")).ShouldBeInRange(1 << 20, 2 << 20);
    }

    [Fact]
    public async Task What_was_written_since_a_snapshot_is_a_property_of_its_own()
    {
        await History("S/a", "1", "2");
        await Write("S/a", "more");
        var since1 = long.Parse(await Value("S/a", "written@1"));
        var since2 = long.Parse(await Value("S/a", "written@2"));
        since2.ShouldBeInRange(1 << 20, 2 << 20);
        since1.ShouldBeInRange(2 << 20, 3 << 20);
    }

    [Fact]
    public async Task A_snapshot_uses_what_only_it_has()
    {
        await History("S/a", "1");
        (await Value("S/a@1", "used")).ShouldBe("0");
        await Write("S/a", "file-1");
        await Ok("snapshot S/a@2");
        long.Parse(await Value("S/a@1", "used")).ShouldBeInRange(1 << 20, 2 << 20);
    }

    [Fact]
    public async Task A_snapshot_that_exists_is_refused_and_none_of_the_others_is_made()
    {
        await History("S/a", "1");
        await Ok("create S/b");
        await Refuses("snapshot S/a@1", 1, "cannot create snapshot 'S/a@1': dataset already exists");
        await Refuses(
            "snapshot S/a@1 S/b@1",
            1,
            "cannot create snapshot 'S/a@1': dataset already exists\nno snapshots were created"
        );
        (await SnapshotsOf("S/b")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Snapshots_that_cannot_be_are_refused()
    {
        await Ok("create S/a");
        await Refuses("snapshot S/none@1", 2, "cannot open 'S/none': dataset does not exist");
        await Refuses(
            "snapshot S/a@1 S/a@2",
            1,
            "cannot create snapshots : multiple snapshots of same fs not allowed\nno snapshots were created"
        );
        await Refuses("snapshot S/a@b!", 1, "cannot create snapshot 'S/a@b!': invalid character '!' in name");
        await Refuses("snapshot S/a", 2, "");
        await Refuses("snapshot", 2, "missing snapshot argument");
    }

    [Fact]
    public async Task A_bookmark_has_its_snapshot_s_guid_txg_and_creation()
    {
        await History("S/a", "1");
        await Ok("bookmark S/a@1 S/a#b");
        (await Values("S/a#b", "guid,createtxg,creation,type")).ShouldBe([
            .. await Values("S/a@1", "guid,createtxg,creation"),
            "bookmark",
        ]);
    }

    [Fact]
    public async Task One_name_of_a_bookmark_command_may_be_short()
    {
        await History("S/a", "1");
        await Ok("bookmark", Source + "/a@1", "#b");
        await Ok("bookmark", "@1", Source + "/a#c");
        await Ok("bookmark S/a#c S/a#d");
        (await Lines("list -H -t bookmark -o name S/a")).ShouldBe(["S/a#b", "S/a#c", "S/a#d"]);
    }

    [Fact]
    public async Task Bookmarks_that_cannot_be_are_refused()
    {
        await History("S/a", "1");
        await Ok("bookmark S/a@1 S/a#b");
        await Refuses("bookmark S/a@1 S/a#b", 1, "cannot create bookmark 'S/a#b': bookmark exists");
        await Refuses("bookmark S/a@none S/a#c", 2, "cannot open 'S/a@none': dataset does not exist");
        await Refuses("bookmark S/a@1 S/a", 2, "invalid bookmark name 'S/a': must contain a '#'");
        await Refuses("bookmark S/a S/a#c", 2, "invalid source name 'S/a': must contain a '@' or '#'");
        await Refuses("bookmark S/a@1 S/none#c", 1, "cannot create bookmark 'S/none#c': dataset does not exist");
        await Refuses(
            "bookmark S/a@1 S#c",
            1,
            "cannot create bookmark 'S#c': source is not an ancestor of the new bookmark's dataset"
        );
        await Refuses("bookmark S/a@1 T#c", 1, "cannot create bookmark 'T#c': bookmark is in a different pool");
        await Refuses("bookmark S/a@1 S/a#c!", 1, "cannot create bookmark 'S/a#c!': invalid argument");
    }

    [Fact]
    public async Task A_bookmark_outlives_its_snapshot_and_is_destroyed_by_itself()
    {
        await History("S/a", "1");
        await Ok("bookmark S/a@1 S/a#b");
        var guid = await Value("S/a@1", "guid");
        await Ok("destroy S/a@1");
        (await Value("S/a#b", "guid")).ShouldBe(guid);
        await Ok("destroy S/a#b");
        await Refuses("destroy S/a#b", 1, "bookmark 'S/a#b' does not exist.");
        await Refuses("destroy S/a#b,c", 1, "bookmark 'S/a#b,c' does not exist.");
        await Refuses("destroy -n S/a#b", 255, "dryrun is not supported with bookmark");
    }

    [Fact]
    public async Task A_hold_is_listed_and_counted()
    {
        await History("S/a", "1", "2");
        await Ok("hold keep S/a@1 S/a@2");
        await Ok("hold more S/a@1");
        (await Value("S/a@1", "userrefs")).ShouldBe("2");
        (await Lines("holds -H S/a@1 S/a@2"))
            .Select(line => string.Join(' ', line.Split('\t')[..2]))
            .Order()
            .ShouldBe(["S/a@1 keep", "S/a@1 more", "S/a@2 keep"]);
    }

    [Fact]
    public async Task Hold_times_are_in_seconds_since_2_2()
    {
        await History("S/a", "1");
        await Ok("hold keep S/a@1");
        if (zfs.IsAtLeast22)
            long.Parse((await Lines("holds -Hp S/a@1"))[0].Split('\t')[2]).ShouldBeGreaterThan(1_500_000_000);
        else
            await Refuses("holds -Hp S/a@1", 2, "invalid option 'p'");
    }

    [Fact]
    public async Task Each_hold_of_a_command_is_its_own()
    {
        await History("S/a", "1", "2");
        await Ok("hold keep S/a@1");
        await Refuses("hold keep S/a@1 S/a@2", 1, "cannot hold snapshot 'S/a@1': tag already exists on this dataset");
        (await Value("S/a@2", "userrefs")).ShouldBe("1");
    }

    [Fact]
    public async Task Holds_that_cannot_be_are_refused()
    {
        await History("S/a", "1");
        await Refuses("hold keep S/a@none", 1, "cannot hold snapshot 'S/a@none': dataset does not exist");
        await Refuses("hold keep S/none@1", 1, "cannot open 'S/none': dataset does not exist");
        await Refuses("hold keep S/a", 1, "'S/a' is not a snapshot");
        await Refuses(
            "release keep S/a@1",
            1,
            "cannot release hold from snapshot 'S/a@1': no such tag on this dataset"
        );
        await Refuses(
            "release keep S/a@none",
            1,
            "cannot release hold from snapshot 'S/a@none': dataset does not exist"
        );
        await Refuses("hold .keep S/a@1", 2, "tag may not start with '.'");
    }

    [Fact]
    public async Task A_hold_follows_the_tree_with_r()
    {
        await Ok("create S/a");
        await Ok("create S/a/b");
        await Ok("snapshot -r S/a@1");
        await Ok("hold -r keep S/a@1");
        (await Value("S/a/b@1", "userrefs")).ShouldBe("1");
        await Ok("release -r keep S/a@1");
        (await Value("S/a/b@1", "userrefs")).ShouldBe("0");
    }
}

using Shouldly;
using Xunit;

namespace ZfsSync.Testing.Zfs;

public abstract partial class ZfsContract
{
    [Fact]
    public async Task An_estimate_names_each_snapshot_and_the_sum()
    {
        await History("S/a", "1", "2", "3");
        await Ok("bookmark S/a@1 S/a#b");
        Size(await Lines("send -nvP S/a@1"), "full\tS/a@1\t");
        Size(await Lines("send -nP -i @1 S/a@2"), "incremental\tS/a@1\tS/a@2\t");
        Size(await Lines("send -nP -i #b S/a@2"), "incremental\tS/a#b\tS/a@2\t");
        var range = await Lines("send -nP -I @1 S/a@3");
        range[0].ShouldStartWith("incremental\t1\tS/a@2\t");
        range[1].ShouldStartWith("incremental\t2\tS/a@3\t");
        range[2].ShouldStartWith("size\t");

        static void Size(string[] lines, string first)
        {
            lines[0].ShouldStartWith(first);
            lines[1].ShouldBe("size\t" + lines[0][first.Length..]);
            long.Parse(lines[0][first.Length..]).ShouldBeInRange(1 << 20, 1_200_000);
        }
    }

    [Fact]
    [Trait("Scenario", "33")]
    public async Task A_volume_arrives_as_a_volume_of_the_same_size()
    {
        await Ok("create -V 16M S/vol");
        await Ok("snapshot S/vol@1");
        await Transfers("S/vol@1", "-u T/vol");
        (await Values("T/vol", "type,volsize,written")).ShouldBe(["volume", "16777216", "0"]);
        await Ok("set volsize=32M S/vol");
        await Ok("snapshot S/vol@2");
        await Transfers("-i @1 S/vol@2", "-u T/vol");
        (await Value("T/vol", "volsize")).ShouldBe("33554432");
    }

    [Fact]
    public async Task A_replication_stream_brings_the_tree_with_its_clones_and_snapshots()
    {
        await History("S/a", "1");
        await Ok("create -o x:y=1 S/a/b");
        await Ok("snapshot -r S/a@2");
        await Ok("clone S/a@1 S/a/k");
        await Ok("snapshot -r S/a@3");
        await Transfers("-R S/a@3", "-u T/a");
        (await Lines("list -H -r -t all -o name,origin T/a")).ShouldBe([
            "T/a\t-",
            "T/a@1\t-",
            "T/a@2\t-",
            "T/a@3\t-",
            "T/a/b\t-",
            "T/a/b@2\t-",
            "T/a/b@3\t-",
            "T/a/k\tT/a@1",
            "T/a/k@3\t-",
        ]);
        (await Sources("T/a/b", "x:y")).ShouldBe(["1\treceived"]);
    }

    [Fact]
    public async Task A_forced_replication_destroys_what_the_source_destroyed()
    {
        await History("S/a", "1", "2");
        await Ok("create S/a/b");
        await Ok("snapshot -r S/a@3");
        await Transfers("-R S/a@3", "-u T/a");
        await Ok("destroy S/a@1");
        await Ok("destroy -r S/a/b");
        await Ok("snapshot -r S/a@4");
        await Transfers("-R -I @3 S/a@4", "-u -F T/a");
        (await Lines("list -H -r -t all -o name T/a")).ShouldBe(["T/a", "T/a@2", "T/a@3", "T/a@4"]);
    }

    [Fact]
    [Trait("Scenario", "38")]
    public async Task Large_blocks_once_received_are_needed_ever_after()
    {
        await Ok("create -o recordsize=1M S/a");
        await Write("S/a", "1", 4 << 20);
        await Ok("snapshot S/a@1");
        await Write("S/a", "2", 4 << 20);
        await Ok("snapshot S/a@2");
        await Transfers("-L S/a@1", "-u T/a");
        await RefusesStream(
            "-i @1 S/a@2",
            "-u T/a",
            "cannot receive incremental stream: incremental send stream requires -L (--large-block), to match previous receive."
        );
        await Transfers("-L -i @1 S/a@2", "-u T/a");
        await Transfers("S/a@1", "-u T/b");
        await Transfers("-L -i @1 S/a@2", "-u T/b");
    }

    [Fact]
    public async Task A_stream_that_does_not_fit_the_quota_leaves_nothing()
    {
        await Ok("create S/a");
        await Write("S/a", "big", 8 << 20);
        await Ok("snapshot S/a@1");
        await Ok("create -o quota=2M T/q");
        var result = await PipeAsync("S/a@1", "-u T/q/a");
        result.Stages[^1].ExitCode.ShouldBe(1);
        Shown(Told(result.Stages[^1]))
            .ShouldBe("cannot receive new filesystem stream: destination T/q/a space quota exceeded.");
        await Refuses("list T/q/a", 1, "cannot open 'T/q/a': dataset does not exist");
    }
}

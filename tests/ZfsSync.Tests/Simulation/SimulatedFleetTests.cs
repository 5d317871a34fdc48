using Shouldly;
using Xunit;
using ZfsSync.Simulation;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Simulation;

public class SimulatedFleetTests
{
    private static SimulatedFleet TwoHosts(int seed = 7)
    {
        var fleet = new SimulatedFleet(TimeProvider.System, seed);
        fleet.AddHost("alpha").AddPool("tank");
        fleet.AddHost("beta").AddPool("backup");
        fleet["alpha"].Zfs("create tank/data");
        fleet["alpha"].Write("tank/data", "a.txt", 3_000_000);
        fleet["alpha"].Zfs("snapshot tank/data@one");
        return fleet;
    }

    private static Task<PipeResult> Replicate(
        SimulatedFleet fleet,
        string send,
        string receive,
        CancellationToken cancellation = default
    ) =>
        fleet
            .RunnerOn("beta")
            .PipeAsync(
                [
                    new Command("zfs", ["send", .. send.Split(' ')]) { On = new SshTarget("alpha") },
                    new Command("zfs", ["receive", .. receive.Split(' ')]),
                ],
                PipeOptions.None,
                cancellation
            );

    [Fact]
    public async Task A_full_stream_brings_the_same_guids_and_files()
    {
        var fleet = TwoHosts();
        (await Replicate(fleet, "tank/data@one", "-s -u backup/data")).IsSuccess.ShouldBeTrue();
        fleet["beta"].FileHashes("backup/data@one").ShouldBe(fleet["alpha"].FileHashes("tank/data@one"));
        fleet["beta"]
            .Zfs("get -Hp -o value guid backup/data@one")
            .ShouldBe(fleet["alpha"].Zfs("get -Hp -o value guid tank/data@one"));
        fleet["beta"].Zfs("get -Hp -o value written backup/data").ShouldBe("0\n");
    }

    [Fact]
    public async Task A_cut_stream_leaves_a_token_and_the_rest_completes_it()
    {
        var fleet = TwoHosts();
        fleet.BreakNextStream(StreamFault.Cut(1_000_000));
        (await Replicate(fleet, "tank/data@one", "-s -u backup/data")).IsSuccess.ShouldBeFalse();
        var token = fleet["beta"].Zfs("get -Hp -o value receive_resume_token backup/data").Trim();
        token.ShouldStartWith("1-");
        var rest = await Replicate(fleet, $"-t {token}", "-s -u backup/data");
        rest.IsSuccess.ShouldBeTrue(rest.Stages[0].ErrorTail + rest.Stages[1].ErrorTail);
        rest.Bytes.ShouldBeLessThan(2_300_000);
        fleet["beta"].FileHashes("backup/data@one").ShouldBe(fleet["alpha"].FileHashes("tank/data@one"));
    }
}

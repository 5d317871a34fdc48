using Shouldly;
using Xunit;
using ZfsSync.Simulation;
using ZfsSync.Testing;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Simulation;

public class SimulatedFleetTests
{
    private static SimulatedFleet TwoHosts(int seed = 7)
    {
        var fleet = new SimulatedFleet(new ManualTimeProvider(), seed);
        fleet.AddHost("alpha").AddPool("tank");
        fleet.AddHost("beta").AddPool("backup");
        fleet["alpha"].Zfs("create tank/data");
        fleet["alpha"].Write("tank/data", "a.txt", 3_000_000);
        fleet["alpha"].Zfs("snapshot tank/data@one");
        return fleet;
    }

    private static Task<PipeResult> Pull(
        SimulatedFleet fleet,
        string send,
        string receive,
        PipeOptions? options = null,
        CancellationToken cancellation = default
    ) =>
        fleet
            .RunnerOn("beta")
            .PipeAsync(
                [
                    new Command("zfs", ["send", .. send.Split(' ')]) { On = new SshTarget("alpha") },
                    new Command("zfs", ["receive", .. receive.Split(' ')]),
                ],
                options ?? PipeOptions.None,
                cancellation
            );

    private static string Token(SimulatedFleet fleet) =>
        fleet["beta"].Zfs("get -H -o value receive_resume_token backup/data").Trim();

    /// <summary>Many random acts on two hosts: what ran, and what is there in the end.</summary>
    private static async Task<string> Story(int seed)
    {
        var fleet = TwoHosts(seed);
        var random = new Random(seed);
        var alpha = fleet.RunnerOn("alpha");
        await Pull(fleet, "tank/data@one", "-s -u backup/data");
        for (var i = 0; i < 60; i++)
        {
            fleet["alpha"].Write("tank/data", $"{random.Next(5)}", random.Next(2_000_000));
            fleet["alpha"].Zfs($"snapshot tank/data@s{i}");
            if (random.Next(3) == 0)
                fleet.BreakNextStream(new StreamFault((StreamFaultKind)random.Next(4), random.Next(1_000_000)));
            var token = Token(fleet);
            if (token != "-")
                await Pull(fleet, $"-t {token}", "-s -u backup/data");
            else
                await Pull(fleet, $"-i @{(i == 0 ? "one" : $"s{i - 1}")} tank/data@s{i}", "-s -u backup/data");
            if (random.Next(4) == 0)
                await alpha.RunAsync(new Command("zfs", "destroy", $"tank/data@s{random.Next(60)}"), null, default);
        }
        var end = fleet.Hosts.Values.Select(host =>
            host.Zfs("list -Hp -r -t all -o name,guid,createtxg,used,referenced,written")
        );
        return string.Join('\n', fleet.Transcript) + string.Join('\n', end);
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_transcript_and_the_same_end()
    {
        var first = await Story(3);
        (await Story(3)).ShouldBe(first);
        (await Story(4)).ShouldNotBe(first);
    }

    [Fact]
    public void Guids_fill_all_64_bits()
    {
        var fleet = TwoHosts();
        for (var i = 0; i < 40; i++)
            fleet["alpha"].Zfs($"snapshot tank/data@{i}");
        var guids = fleet["alpha"]
            .Zfs("list -Hp -t snapshot -o guid tank/data")
            .Trim()
            .Split('\n')
            .Select(ulong.Parse)
            .ToList();
        guids.Distinct().Count().ShouldBe(41);
        guids.ShouldContain(guid => guid > long.MaxValue);
    }

    [Fact]
    public async Task A_stream_between_hosts_brings_the_same_guids_and_files()
    {
        var fleet = TwoHosts();
        var progress = new List<long>();
        var result = await Pull(
            fleet,
            "tank/data@one",
            "-s -u backup/data",
            new PipeOptions { OnProgress = progress.Add }
        );
        result.IsSuccess.ShouldBeTrue();
        progress[^1].ShouldBe(result.Bytes);
        progress.ShouldBeInOrder();
        fleet["beta"].FileHashes("backup/data@one").ShouldBe(fleet["alpha"].FileHashes("tank/data@one"));
    }

    [Theory]
    [InlineData(StreamFaultKind.ConnectionLost, 141, 1)]
    [InlineData(StreamFaultKind.SenderKilled, 137, 1)]
    [InlineData(StreamFaultKind.ReceiverKilled, 141, 137)]
    [InlineData(StreamFaultKind.Garbled, 141, 1)]
    public async Task A_broken_stream_leaves_a_token_and_the_rest_completes_it(
        StreamFaultKind kind,
        int senderExit,
        int receiverExit
    )
    {
        var fleet = TwoHosts();
        fleet.BreakNextStream(new StreamFault(kind, 1_000_000));
        var broken = await Pull(fleet, "tank/data@one", "-s -u backup/data");
        broken.Stages.Select(stage => stage.ExitCode).ShouldBe([senderExit, receiverExit]);
        broken.Bytes.ShouldBe(1_000_000);
        var rest = await Pull(fleet, $"-t {Token(fleet)}", "-s -u backup/data");
        rest.IsSuccess.ShouldBeTrue(rest.Stages[1].ErrorTail);
        rest.Bytes.ShouldBeInRange(2_000_000, 2_300_000);
        fleet["beta"].FileHashes("backup/data@one").ShouldBe(fleet["alpha"].FileHashes("tank/data@one"));
    }

    [Fact]
    public async Task A_fault_waits_for_a_stream_into_its_dataset_that_is_long_enough()
    {
        var fleet = TwoHosts();
        fleet.BreakNextStream(StreamFault.Cut(1_000_000) with { Into = "backup/other" });
        fleet.BreakNextStream(StreamFault.Cut(50_000_000));
        (await Pull(fleet, "tank/data@one", "-u backup/data")).IsSuccess.ShouldBeTrue();
        (await Pull(fleet, "tank/data@one", "-u backup/other")).IsSuccess.ShouldBeFalse();
    }

    [Fact]
    public async Task A_cancelled_stream_is_like_a_killed_receive()
    {
        var fleet = TwoHosts();
        using var cancellation = new CancellationTokenSource();
        fleet.OnStep = (step, _) =>
        {
            if (step.Bytes > 1_500_000)
                cancellation.Cancel();
            return ValueTask.CompletedTask;
        };
        await Should.ThrowAsync<OperationCanceledException>(() =>
            Pull(fleet, "tank/data@one", "-s -u backup/data", null, cancellation.Token)
        );
        fleet.OnStep = null;
        (await Pull(fleet, $"-t {Token(fleet)}", "-s -u backup/data")).IsSuccess.ShouldBeTrue();
    }

    [Fact]
    public async Task A_snapshot_that_is_being_sent_cannot_be_destroyed_and_what_receives_is_busy()
    {
        var fleet = TwoHosts();
        var told = new List<string>();
        fleet.OnStep = async (step, token) =>
        {
            if (step.Bytes is null || told.Count > 0)
                return;
            told.Add("");
            told.Add(
                (
                    await fleet.RunnerOn("alpha").RunAsync(new Command("zfs", "destroy", "tank/data@one"), null, token)
                ).ErrorTail
            );
        };
        (await Pull(fleet, "tank/data@one", "-s -u backup/data")).IsSuccess.ShouldBeTrue();
        told[1].ShouldBe("cannot destroy snapshot tank/data@one: dataset is busy\n");
        fleet["alpha"].Zfs("destroy tank/data@one");
    }

    /// <summary>The texts are of OpenZFS 2.1.11 and 2.3.9.</summary>
    [Fact]
    public async Task What_a_running_receive_has_so_far_cannot_be_taken_away()
    {
        var fleet = TwoHosts();
        (await Pull(fleet, "tank/data@one", "-s -u backup/data")).IsSuccess.ShouldBeTrue();
        fleet["alpha"].Write("tank/data", "b.txt", 3_000_000);
        fleet["alpha"].Zfs("snapshot tank/data@two");
        var told = new List<string>();
        fleet.OnStep = async (step, token) =>
        {
            if (step.Bytes is not > 1_000_000 || told.Count > 0)
                return;
            foreach (var arguments in new[] { "receive -A backup/data", "destroy -r backup/data" })
            {
                var command = new Command("zfs", arguments.Split(' '));
                told.Add((await fleet.RunnerOn("beta").RunAsync(command, null, token)).ErrorTail);
            }
        };
        (await Pull(fleet, "-i @one tank/data@two", "-s -u backup/data")).IsSuccess.ShouldBeTrue();
        const string busy = "cannot destroy 'backup/data/%recv': dataset is busy\n";
        told.ShouldBe([busy, busy + "cannot destroy snapshot backup/data@one: snapshot is cloned\n"]);
    }

    /// <summary>As on OpenZFS 2.1.11 and 2.3.9. What arrived is kept.</summary>
    [Theory]
    [InlineData("rollback backup/data@one", null)]
    [InlineData("snapshot backup/data@own", "kernel modules must be upgraded to receive this stream.")]
    [InlineData("snapshot backup/data@two", "kernel modules must be upgraded to receive this stream.")]
    [InlineData("rename backup/data@one backup/data@two", "destination already exists")]
    [InlineData("write", "destination backup/data has been modified\nsince most recent snapshot")]
    public async Task What_happens_to_its_target_meanwhile_a_receive_notices_at_its_end(string act, string? fault)
    {
        var fleet = TwoHosts();
        (await Pull(fleet, "tank/data@one", "-s backup/data")).IsSuccess.ShouldBeTrue();
        fleet["alpha"].Write("tank/data", "b.txt", 3_000_000);
        fleet["alpha"].Zfs("snapshot tank/data@two");
        fleet.OnStep = (step, _) =>
        {
            if (step.Bytes is not > 1_000_000)
                return ValueTask.CompletedTask;
            fleet.OnStep = null;
            if (act == "write")
                fleet["beta"].Write("backup/data", "mine", 1000);
            else
                fleet["beta"].Zfs(act);
            return ValueTask.CompletedTask;
        };
        var result = await Pull(fleet, "-i @one tank/data@two", "-s -u backup/data");
        result.IsSuccess.ShouldBe(fault is null);
        result.Stages[1].ErrorTail.ShouldContain(fault ?? "");
        (Token(fleet) == "-").ShouldBe(fault is null);
    }

    [Fact]
    public async Task An_unreachable_host_gives_the_exit_and_text_of_ssh()
    {
        var fleet = TwoHosts();
        fleet.Disconnect("alpha");
        var listing = new Command("zfs", "list") { On = new SshTarget("alpha") };
        var result = await fleet.RunnerOn("beta").RunAsync(listing, null, default);
        result.ExitCode.ShouldBe(255);
        result.ErrorTail.ShouldBe("ssh: connect to host alpha port 22: Connection refused\n");
        var pull = await Pull(fleet, "tank/data@one", "-u backup/data");
        pull.Stages.Select(stage => stage.ExitCode).ShouldBe([255, 1]);
        fleet.Reconnect("alpha");
        (await Pull(fleet, "tank/data@one", "-u backup/data")).IsSuccess.ShouldBeTrue();
        var unknown = await fleet
            .RunnerOn("beta")
            .RunAsync(new Command("zfs", "list") { On = new SshTarget("nowhere") }, null, default);
        unknown.ErrorTail.ShouldBe("ssh: Could not resolve hostname nowhere: Name or service not known\n");
    }

    [Fact]
    public async Task A_program_that_is_not_modelled_is_not_installed()
    {
        var fleet = TwoHosts();
        var failure = await Should.ThrowAsync<ToolException>(() =>
            fleet.RunnerOn("beta").RunAsync(new Command("sanoid"), null, default)
        );
        failure.Kind.ShouldBe(ToolErrorKind.NotInstalled);
        var remote = await fleet
            .RunnerOn("beta")
            .RunAsync(new Command("sanoid") { On = new SshTarget("alpha") }, null, default);
        remote.ExitCode.ShouldBe(127);
    }

    [Fact]
    public async Task A_suspended_pool_changes_nothing()
    {
        var fleet = TwoHosts();
        fleet["alpha"].SetPoolHealth("tank", "SUSPENDED");
        var result = await fleet
            .RunnerOn("alpha")
            .RunAsync(new Command("zfs", "snapshot", "tank/data@two"), null, default);
        result.ExitCode.ShouldBe(1);
        result.ErrorTail.ShouldContain("pool I/O is currently suspended");
    }
}

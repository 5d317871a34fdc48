using Shouldly;
using Xunit;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Simulation;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Agent;

/// <summary>Transfers that were cut: resumed, or discarded and sent anew.</summary>
public sealed class PartialReceiveTests : IDisposable
{
    private readonly AgentBench _bench = AgentBench.WithData();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(StreamFaultKind.ConnectionLost)]
    [InlineData(StreamFaultKind.SenderKilled)]
    [InlineData(StreamFaultKind.ReceiverKilled)]
    [InlineData(StreamFaultKind.Garbled)]
    [Trait("Scenario", "54")]
    public async Task A_broken_stream_is_a_failure_and_the_next_plan_goes_on(StreamFaultKind kind)
    {
        _bench.Fleet.BreakNextStream(new StreamFault(kind, 300_000));
        var broken = await _bench.SyncAsync("data");
        broken.Result.ShouldBe(OutcomeResult.Failed);
        (await _bench.MarksAsync("data")).HasHolds.ShouldBeFalse();
        for (var round = 0; round < 4; round++)
        {
            if (await _bench.DecideAsync("data") is ReplicationDecision.UpToDate)
                break;
            var outcome = await _bench.SyncAsync("data");
            outcome.Result.ShouldBe(OutcomeResult.Done, outcome.ErrorText);
        }
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "b"]);
        _bench.Target.FileHashes("backup/data@b").ShouldBe(_bench.Source.FileHashes("tank/data@b"));
    }

    [Fact, Trait("Scenario", "40"), Trait("Scenario", "46")]
    public async Task A_cut_transfer_is_resumed_and_what_arrived_is_marked_not_what_was_intended()
    {
        await CutIncrementAsync();
        _bench.Snapshot("tank/data", "d");
        var plan = await _bench.PlanAsync("data");
        plan.Steps.ShouldHaveSingleItem().Kind.ShouldBe(StepKind.Resume);
        var resumed = await _bench.RunAsync(plan);
        resumed.Result.ShouldBe(OutcomeResult.Done, resumed.ErrorText);
        var c = (await _bench.ReadAsync("alpha", DatasetName.Parse("tank/data")))!.Snapshots.Single(s =>
            s.Label == "c"
        );
        resumed.ArrivedGuid.ShouldBe(c.Guid);
        (await _bench.MarksAsync("data")).Bookmarks.ShouldBe([$"zfs-sync-{AgentBench.Edge}-{c.Guid}"]);
        (await _bench.SyncAsync("data")).Result.ShouldBe(OutcomeResult.Done);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "b", "c", "d"]);
    }

    [Fact, Trait("Scenario", "40")]
    public async Task A_first_copy_that_was_cut_on_its_way_into_a_placeholder_is_resumed()
    {
        _bench.Source.Zfs("create tank/data/child");
        _bench.Snapshot("tank/data/child", "one");
        (await _bench.SyncAsync("data/child")).Result.ShouldBe(OutcomeResult.Done);
        _bench.Fleet.BreakNextStream(StreamFault.Cut(300_000));
        (await _bench.SyncAsync("data")).ErrorKind.ShouldBe("stream_broken");
        var plan = await _bench.PlanAsync("data");
        plan.Steps.ShouldHaveSingleItem().Kind.ShouldBe(StepKind.Resume);
        var resumed = await _bench.RunAsync(plan);
        resumed.Result.ShouldBe(OutcomeResult.Done, resumed.ErrorText);
    }

    [Fact]
    public async Task The_rest_that_zfs_sends_as_a_clones_is_given_up_and_sent_anew()
    {
        await CutIncrementAsync();
        // Under the old name there is another copy, in which the base is found first.
        _bench.Source.Zfs("rename tank/data tank/moved");
        string[][] sends =
        [
            ["send", "tank/moved@a"],
            ["send", "-i", "@a", "tank/moved@b"],
        ];
        foreach (var send in sends)
        {
            var copied = await _bench
                .Fleet.RunnerOn("alpha")
                .PipeAsync(
                    [new Command("zfs", send), new Command("zfs", "receive", "tank/data")],
                    new PipeOptions(),
                    default
                );
            copied.IsSuccess.ShouldBeTrue();
        }
        _bench.Target.Zfs("rename backup/data backup/moved");

        (await _bench.SyncAsync("moved")).ErrorKind.ShouldBe("exists");

        (await _bench.SyncAsync("moved")).Result.ShouldBe(OutcomeResult.Done);
        (await _bench.LabelsAsync("beta", "backup/moved")).ShouldBe(["a", "b", "c"]);
    }

    [Fact, Trait("Scenario", "41")]
    public async Task A_token_whose_snapshot_was_destroyed_is_aborted_and_sent_anew()
    {
        await CutIncrementAsync();
        _bench.Source.Zfs("destroy tank/data@c");
        _bench.Snapshot("tank/data", "d");
        var plan = await _bench.PlanAsync("data");
        plan.AbortToken.ShouldNotBeNull();
        var outcome = await _bench.RunAsync(plan);
        outcome.Result.ShouldBe(OutcomeResult.Done, outcome.ErrorText);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "b", "d"]);
    }

    [Fact, Trait("Scenario", "42")]
    public async Task A_token_for_a_snapshot_that_is_no_longer_selected_is_aborted()
    {
        await CutIncrementAsync();
        _bench.Snapshot("tank/data", "d");
        _bench.Policy = EdgePolicy.Default with { Snapshots = new SnapshotSelection([], ["c"]) };
        (await _bench.SyncAsync("data")).Result.ShouldBe(OutcomeResult.Done);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "b", "d"]);
    }

    [Fact, Trait("Scenario", "43")]
    public async Task A_token_without_anything_to_send_is_aborted_as_obsolete()
    {
        _bench.Fleet.BreakNextStream(StreamFault.Cut(300_000));
        await _bench.SyncAsync("data");
        _bench.Source.Zfs("destroy tank/data@a,b");
        var plan = await _bench.PlanAsync("data");
        plan.Repair!.Kind.ShouldBe(RepairKind.AbortPartialReceive);
        (await _bench.RunAsync(plan)).Result.ShouldBe(OutcomeResult.Done);
        (await _bench.ReadAsync("beta", DatasetName.Parse("backup/data")))?.ReceiveResumeToken.ShouldBeNull();
    }

    [Fact, Trait("Scenario", "45")]
    public async Task A_token_of_the_other_raw_mode_is_aborted_and_sent_anew()
    {
        _bench.Source.Zfs(
            "create -o encryption=on -o keyformat=passphrase -o keylocation=file:///root/key tank/secret"
        );
        _bench.Snapshot("tank/secret", "a");
        _bench.Policy = EdgePolicy.Default with { Raw = false };
        _bench.Fleet.BreakNextStream(StreamFault.Cut(300_000));
        await _bench.SyncAsync("secret");
        _bench.Policy = EdgePolicy.Default;
        var plan = await _bench.PlanAsync("secret");
        plan.AbortToken.ShouldNotBeNull();
        plan.Flags.Raw.ShouldBeTrue();
        var outcome = await _bench.RunAsync(plan);
        outcome.Result.ShouldBe(OutcomeResult.Done, outcome.ErrorText);
        (await _bench.LabelsAsync("beta", "backup/secret")).ShouldBe(["a"]);
        (await _bench.ReadAsync("beta", DatasetName.Parse("backup/secret")))!.Encryption!.IsKeyLoaded.ShouldBeFalse();
    }

    [Fact, Trait("Scenario", "47")]
    public async Task Without_resume_a_partial_state_is_reset_and_the_transfer_succeeds()
    {
        _bench.Fleet.BreakNextStream(StreamFault.Cut(300_000));
        await _bench.SyncAsync("data");
        _bench.Policy = EdgePolicy.Default with { Resume = false };
        var plan = await _bench.PlanAsync("data");
        plan.AbortToken.ShouldNotBeNull();
        var outcome = await _bench.RunAsync(plan);
        outcome.Result.ShouldBe(OutcomeResult.Done, outcome.ErrorText);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "b"]);
    }

    [Fact, Trait("Scenario", "48")]
    public async Task Every_receive_interrupted_again_and_again_still_brings_everything()
    {
        _bench.Snapshot("tank/data", "c", bytes: 3_000_000);
        var rounds = 0;
        for (; rounds < 60 && await _bench.DecideAsync("data") is not ReplicationDecision.UpToDate; rounds++)
        {
            if (rounds % 4 != 3)
                _bench.Fleet.BreakNextStream(StreamFault.Cut(200_000));
            await _bench.SyncAsync("data");
        }
        rounds.ShouldBeLessThan(60);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "b", "c"]);
        _bench.Target.FileHashes("backup/data@c").ShouldBe(_bench.Source.FileHashes("tank/data@c"));
    }

    [Fact, Trait("Scenario", "49")]
    public async Task A_partial_state_that_the_plan_does_not_know_is_left_alone()
    {
        await _bench.SyncAsync("data");
        _bench.Snapshot("tank/data", "c");
        var plan = await _bench.PlanAsync("data");
        _bench.Fleet.BreakNextStream(StreamFault.Cut(300_000));
        await _bench.RunAsync(plan with { InstructionId = Guid.NewGuid() });
        var token = (await _bench.ReadAsync("beta", DatasetName.Parse("backup/data")))!.ReceiveResumeToken;
        var outcome = await _bench.RunAsync(plan);
        outcome.ErrorKind.ShouldBe("stale_plan");
        (await _bench.ReadAsync("beta", DatasetName.Parse("backup/data")))!.ReceiveResumeToken.ShouldBe(token);
    }

    /// <summary>a and b have arrived; c did not to its end.</summary>
    private async Task CutIncrementAsync()
    {
        await _bench.SyncAsync("data");
        _bench.Snapshot("tank/data", "c");
        _bench.Fleet.BreakNextStream(StreamFault.Cut(300_000));
        (await _bench.SyncAsync("data")).ErrorKind.ShouldBe("stream_broken");
    }
}

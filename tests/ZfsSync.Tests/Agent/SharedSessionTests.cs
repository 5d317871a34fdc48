using Shouldly;
using Xunit;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Simulation;

namespace ZfsSync.Tests.Agent;

/// <summary>The steps of a small transfer take turns in one session: a full stream, and then all later snapshots.</summary>
public sealed class SharedSessionTests : IDisposable
{
    private readonly AgentBench _bench = AgentBench.WithData();

    public SharedSessionTests() => _bench.EstimatedBytes = 2_000_000;

    public void Dispose() => _bench.Dispose();

    /// <summary>The pipes that the agent made, each with the streams in it.</summary>
    private IEnumerable<int> StreamsOfPipes =>
        _bench
            .Fleet.Transcript.Where(line => line.Contains(" | zfs receive", StringComparison.Ordinal))
            .Select(line => line.Split("zfs receive ").Length - 1);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_small_first_copy_is_one_pipe(bool isCompressed)
    {
        var plan = await _bench.PlanAsync("data");
        plan.Steps.Count.ShouldBe(2);
        var outcome = await _bench.RunAsync(plan with { Compress = isCompressed });
        outcome.Result.ShouldBe(OutcomeResult.Done, outcome.ErrorText);
        outcome.StepsDone.ShouldBe(2);
        outcome.Bytes.ShouldBeGreaterThan(isCompressed ? 1_000_000 : 2_000_000);
        StreamsOfPipes.ShouldBe([2]);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "b"]);
        _bench.Target.FileHashes("backup/data").ShouldBe(_bench.Source.FileHashes("tank/data"));
        // What only the first receive may set is set.
        _bench.Target.Zfs("get -H -o value readonly backup/data").ShouldBe("on\n");
    }

    [Fact]
    public async Task A_first_copy_costs_nine_commands_of_which_one_is_a_pipe()
    {
        await _bench.SyncAsync("data");
        _bench.Source.Zfs("create tank/more");
        _bench.Snapshot("tank/more", "a");
        _bench.Snapshot("tank/more", "b");
        var plan = await _bench.PlanAsync("more");
        (await _bench.CommandsOfAsync(plan)).ShouldBe([
            // The place, and what is above it.
            "beta$ zfs get",
            "alpha$ zfs list",
            "alpha$ zfs hold",
            "alpha$ zfs send",
            "beta$ zfs get",
            "beta$ zfs list",
            "beta$ zfs list",
            "alpha$ zfs bookmark",
            "alpha$ zfs release",
        ]);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(17_000_000UL)]
    public async Task A_large_one_or_one_of_unknown_size_has_a_pipe_for_each_step(ulong? estimatedBytes)
    {
        _bench.EstimatedBytes = estimatedBytes;
        var outcome = await _bench.SyncAsync("data");
        outcome.Result.ShouldBe(OutcomeResult.Done, outcome.ErrorText);
        outcome.StepsDone.ShouldBe(2);
        StreamsOfPipes.ShouldBe([1, 1]);
    }

    [Fact]
    public async Task More_steps_than_fit_into_a_session_take_another()
    {
        for (var i = 0; i < 40; i++)
            _bench.Snapshot("tank/data", i % 2 == 0 ? $"keep{i}" : $"skip{i}", bytes: 1000);
        _bench.Policy = _bench.Policy with { Snapshots = new SnapshotSelection([], ["skip*"]) };
        var plan = await _bench.PlanAsync("data");
        plan.Steps.Count.ShouldBe(21);
        (await _bench.RunAsync(plan)).StepsDone.ShouldBe(21);
        StreamsOfPipes.ShouldBe([16, 5]);
    }

    [Fact]
    public async Task Of_a_cut_session_what_had_arrived_is_told_and_the_rest_resumed()
    {
        // Only the second stream is as long as this. Of it b arrives, and half of c.
        _bench.Snapshot("tank/data", "c", bytes: 3_000_000);
        _bench.Fleet.BreakNextStream(StreamFault.Cut(3_000_000));
        var cut = await _bench.SyncAsync("data");
        cut.Result.ShouldBe(OutcomeResult.Failed);
        cut.StepsDone.ShouldBe(1);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "b"]);
        (await _bench.MarksAsync("data")).HasHolds.ShouldBeFalse();

        var rest = await _bench.PlanAsync("data");
        rest.Steps[0].Kind.ShouldBe(StepKind.Resume);
        (await _bench.RunAsync(rest)).Result.ShouldBe(OutcomeResult.Done);
        _bench.Target.FileHashes("backup/data").ShouldBe(_bench.Source.FileHashes("tank/data"));
    }

    [Theory]
    [InlineData(StreamFaultKind.ConnectionLost)]
    [InlineData(StreamFaultKind.SenderKilled)]
    [InlineData(StreamFaultKind.ReceiverKilled)]
    [InlineData(StreamFaultKind.Garbled)]
    public async Task After_a_stream_that_broke_no_other_is_sent(StreamFaultKind kind)
    {
        _bench.Fleet.BreakNextStream(new StreamFault(kind, 500_000));
        var broken = await _bench.SyncAsync("data");
        broken.Result.ShouldBe(OutcomeResult.Failed);
        broken.StepsDone.ShouldBe(0);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBeEmpty();
        for (var round = 0; round < 3 && await _bench.DecideAsync("data") is not ReplicationDecision.UpToDate; round++)
            await _bench.SyncAsync("data");
        _bench.Target.FileHashes("backup/data").ShouldBe(_bench.Source.FileHashes("tank/data"));
    }

    [Fact]
    public async Task Two_pools_of_one_host_have_no_session_to_share()
    {
        var plan = await _bench.PlanAsync("data");
        // The same dataset with the same guids, in another pool of the target's host.
        _bench.Target.AddPool("local");
        (await _bench.RunAsync(plan)).Result.ShouldBe(OutcomeResult.Done);
        _bench.Target.Zfs("rename backup/data backup/first");
        var local = plan with
        {
            InstructionId = Guid.NewGuid(),
            Source = plan.Target with { Dataset = "backup/first" },
            Target = plan.Target with { Dataset = "local/data", Root = "local" },
        };
        var outcome = await _bench.RunAsync(local);
        outcome.Result.ShouldBe(OutcomeResult.Done, outcome.ErrorText);
        StreamsOfPipes.ShouldBe([2, 1, 1]);
    }
}

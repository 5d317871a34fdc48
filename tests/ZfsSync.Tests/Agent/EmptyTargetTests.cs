using Shouldly;
using Xunit;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Simulation;

namespace ZfsSync.Tests.Agent;

/// <summary>First copies that take the place of what is there.</summary>
public sealed class EmptyTargetTests : IDisposable
{
    private readonly AgentBench _bench = AgentBench.WithData();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_placeholder_becomes_a_copy_when_its_dataset_is_replicated_later()
    {
        _bench.Source.Zfs("create tank/data/child");
        _bench.Snapshot("tank/data/child", "one");
        (await _bench.SyncAsync("data/child")).Result.ShouldBe(OutcomeResult.Done);
        var outcome = await _bench.SyncAsync("data");
        outcome.Result.ShouldBe(OutcomeResult.Done, outcome.ErrorText);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "b"]);
        (await _bench.LabelsAsync("beta", "backup/data/child")).ShouldBe(["one"]);
        (await _bench.ReadAsync("beta", DatasetName.Parse("backup/data")))!.IsPlaceholder.ShouldBeFalse();
    }

    [Theory]
    [InlineData(false, 1, OutcomeResult.Refused)]
    [InlineData(true, 1, OutcomeResult.Refused)]
    [InlineData(true, 0, OutcomeResult.Done)]
    public async Task The_smallest_file_is_not_overwritten_and_a_mountpoint_is_no_file(
        bool isMounted,
        int files,
        OutcomeResult result
    )
    {
        _bench.Target.Zfs($"create -p {(isMounted ? "" : "-o canmount=off ")}backup/data");
        if (isMounted)
            _bench.Target.Zfs("create backup/data/below");
        if (files > 0)
            _bench.Target.Write("backup/data", "mine", 1);
        _bench.Policy = EdgePolicy.Default with { AllowEmptyTarget = true };
        var outcome = await _bench.SyncAsync("data");
        outcome.Result.ShouldBe(result, outcome.ErrorText);
        if (files == 0)
            return;
        outcome.ErrorKind.ShouldBe("target_has_files");
        outcome.ErrorText!.ShouldContain("but a file or directory is in it");
        _bench.Target.FileHashes("backup/data").Keys.ShouldContain("mine");
        (await _bench.MarksAsync("data")).HasHolds.ShouldBeFalse();
    }

    [Theory]
    [InlineData(1, "target_has_files")]
    [InlineData(5_000_000, "stale_plan")]
    public async Task A_first_copy_that_was_cut_is_discarded_when_somebody_wrote_to_what_it_would_replace(
        long bytes,
        string kind
    )
    {
        _bench.Target.Zfs("create -p backup/data");
        _bench.Policy = EdgePolicy.Default with { AllowEmptyTarget = true };
        _bench.Fleet.BreakNextStream(StreamFault.Cut(300_000));
        (await _bench.SyncAsync("data")).ErrorKind.ShouldBe("stream_broken");
        var plan = await _bench.PlanAsync("data");
        plan.Steps.ShouldHaveSingleItem().Kind.ShouldBe(StepKind.Resume);
        _bench.Target.Write("backup/data", "mine", bytes);

        var outcome = await _bench.RunAsync(plan);

        outcome.Result.ShouldBe(OutcomeResult.Refused);
        outcome.ErrorKind.ShouldBe(kind);
        _bench.Target.Zfs("get -H -o value receive_resume_token backup/data").ShouldBe("-\n");
        _bench.Target.FileHashes("backup/data").Keys.ShouldBe(["mine"]);
    }
}

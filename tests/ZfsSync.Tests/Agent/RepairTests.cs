using Shouldly;
using Xunit;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Simulation;

namespace ZfsSync.Tests.Agent;

public sealed class RepairTests : IDisposable
{
    private readonly AgentBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact, Trait("Scenario", "29")]
    public async Task A_rollback_destroys_what_was_approved_and_replication_goes_on()
    {
        await DivergeAsync();
        var plan = await ApprovedAsync(RepairKind.Rollback);
        (await _bench.RunAsync(plan)).Result.ShouldBe(OutcomeResult.Done);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a"]);
        (await _bench.SyncAsync("data")).Result.ShouldBe(OutcomeResult.Done);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_rollback_that_would_destroy_more_than_approved_is_refused()
    {
        await DivergeAsync();
        var plan = await ApprovedAsync(RepairKind.Rollback);
        _bench.Target.Zfs("snapshot backup/data@later");
        (await _bench.RunAsync(plan)).ErrorKind.ShouldBe("stale_plan");
        var newest = (await _bench.ReadAsync("beta", DatasetName.Parse("backup/data")))!.Snapshots[^1].Guid;
        var outcome = await _bench.RunAsync(plan with { InstructionId = Guid.NewGuid(), TargetNewestGuid = newest });
        outcome.Result.ShouldBe(OutcomeResult.Refused);
        outcome.ErrorKind.ShouldBe("not_approved");
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "own", "later"]);
    }

    [Fact]
    public async Task A_rollback_over_a_clone_fails_and_destroys_nothing()
    {
        await DivergeAsync();
        _bench.Target.Zfs("clone backup/data@own backup/clone");
        var outcome = await _bench.RunAsync(await ApprovedAsync(RepairKind.Rollback));
        outcome.ErrorKind.ShouldBe("clones");
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a", "own"]);
    }

    [Fact, Trait("Scenario", "04")]
    public async Task Receiving_beside_keeps_everything_that_was_there()
    {
        await DivergeAsync();
        var plan = await ApprovedAsync(RepairKind.ReceiveBeside);
        (await _bench.RunAsync(plan)).Result.ShouldBe(OutcomeResult.Done);
        (await _bench.LabelsAsync("beta", plan.Repair!.RenameTo!)).ShouldBe(["a", "own"]);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_members_root_is_put_aside_under_the_same_parent()
    {
        await DivergeAsync();
        var plan = await ApprovedAsync(RepairKind.ReceiveBeside);
        plan = plan with { Target = plan.Target with { Root = plan.Target.Dataset } };
        (await _bench.RunAsync(plan)).Result.ShouldBe(OutcomeResult.Done);
        (await _bench.LabelsAsync("beta", plan.Repair!.RenameTo!)).ShouldBe(["a", "own"]);
    }

    [Fact, Trait("Scenario", "03")]
    public async Task A_full_resend_destroys_the_dataset_that_was_named_and_nothing_below_it()
    {
        _bench.Source.Zfs("create tank/data");
        _bench.Snapshot("tank/data", "a");
        _bench.Target.Zfs("create backup/data");
        _bench.Target.Zfs("snapshot backup/data@own");
        _bench.Target.Zfs("create backup/data/child");
        var plan = await ApprovedAsync(RepairKind.FullResend);
        var refused = await _bench.RunAsync(plan);
        refused.ErrorKind.ShouldBe("not_approved");
        refused.ErrorText!.ShouldContain("backup/data/child");
        _bench.Target.Zfs("destroy backup/data/child");
        (await _bench.RunAsync(plan with { InstructionId = Guid.NewGuid() })).Result.ShouldBe(OutcomeResult.Done);
        (await _bench.SyncAsync("data")).Result.ShouldBe(OutcomeResult.Done);
        (await _bench.LabelsAsync("beta", "backup/data")).ShouldBe(["a"]);
    }

    [Fact, Trait("Scenario", "26")]
    public async Task Snapshots_in_the_way_are_renamed_and_kept()
    {
        _bench.Source.Zfs("create tank/data");
        _bench.Snapshot("tank/data", "a");
        await _bench.SyncAsync("data");
        _bench.Snapshot("tank/data", "b");
        var newest = (await _bench.ReadAsync("beta", DatasetName.Parse("backup/data")))!.Snapshots[^1];
        var plan = await _bench.PlanAsync("data") with
        {
            Kind = InstructionKind.Repair,
            Steps = [],
            Repair = new() { Kind = RepairKind.RenameTargetSnapshots, RenameGuids = [newest.Guid] },
        };
        (await _bench.RunAsync(plan)).Result.ShouldBe(OutcomeResult.Done);
        var renamed = (
            await _bench.ReadAsync("beta", DatasetName.Parse("backup/data"))
        )!.Snapshots.ShouldHaveSingleItem();
        renamed.Guid.ShouldBe(newest.Guid);
        renamed.Label.ShouldStartWith("a-aside-");
        (await _bench.SyncAsync("data")).Result.ShouldBe(OutcomeResult.Done);
    }

    [Fact, Trait("Scenario", "28")]
    public async Task A_rename_is_followed()
    {
        _bench.Source.Zfs("create tank/data");
        _bench.Snapshot("tank/data", "a");
        await _bench.SyncAsync("data");
        _bench.Source.Zfs("create tank/new");
        _bench.Source.Zfs("rename tank/data tank/new/data");
        await FollowAsync("new/data", from: "backup/data");
        (await _bench.LabelsAsync("beta", "backup/new/data")).ShouldBe(["a"]);
        (await _bench.DecideAsync("new/data")).ShouldBeOfType<ReplicationDecision.UpToDate>();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_placeholder_under_which_nothing_lies_since_a_rename_was_followed_is_removed(bool isUsed)
    {
        _bench.Source.Zfs("create -p tank/bare/deep/leaf");
        _bench.Snapshot("tank/bare/deep/leaf", "a");
        await _bench.SyncAsync("bare/deep/leaf");
        if (isUsed)
            _bench.Target.Zfs("create backup/bare/others");
        _bench.Source.Zfs("rename tank/bare/deep/leaf tank/leaf");
        await FollowAsync("leaf", from: "backup/bare/deep/leaf");
        (await _bench.ReadAsync("beta", DatasetName.Parse("backup/bare/deep"))).ShouldBeNull();
        (await _bench.ReadAsync("beta", DatasetName.Parse("backup/bare")) is not null).ShouldBe(isUsed);
    }

    [Fact, Trait("Scenario", "44")]
    public async Task A_foreign_partial_receive_is_discarded_only_when_approved_and_the_same()
    {
        _bench.Source.Zfs("create tank/data");
        _bench.Snapshot("tank/data", "a");
        _bench.Fleet.BreakNextStream(StreamFault.Cut(300_000));
        await _bench.SyncAsync("data");
        var token = (await _bench.ReadAsync("beta", DatasetName.Parse("backup/data")))!.ReceiveResumeToken;
        var plan = await _bench.PlanAsync("data") with
        {
            Kind = InstructionKind.Repair,
            Steps = [],
            Repair = new() { Kind = RepairKind.AbortPartialReceive },
            AbortToken = "1-other",
        };
        (await _bench.RunAsync(plan)).ErrorKind.ShouldBe("stale_plan");
        (await _bench.RunAsync(plan with { InstructionId = Guid.NewGuid(), AbortToken = null })).ErrorKind.ShouldBe(
            "stale_plan"
        );
        (await _bench.RunAsync(plan with { InstructionId = Guid.NewGuid(), AbortToken = token })).Result.ShouldBe(
            OutcomeResult.Done
        );
        (await _bench.ReadAsync("beta", DatasetName.Parse("backup/data")))?.ReceiveResumeToken.ShouldBeNull();
    }

    [Fact]
    public async Task The_beginning_of_a_copy_with_datasets_below_it_is_not_taken_back_and_the_reason_says_what_to_do()
    {
        _bench.Source.Zfs("create tank/data");
        _bench.Snapshot("tank/data", "a");
        _bench.Fleet.BreakNextStream(StreamFault.Cut(300_000));
        await _bench.SyncAsync("data");
        _bench.Target.Zfs("create backup/data/child");
        var outcome = await _bench.RunAsync(
            await _bench.PlanAsync("data") with
            {
                Kind = InstructionKind.Repair,
                Steps = [],
                Repair = new() { Kind = RepairKind.AbortPartialReceive },
                AbortToken = (await _bench.ReadAsync("beta", DatasetName.Parse("backup/data")))!.ReceiveResumeToken,
            }
        );
        outcome.ErrorKind.ShouldBe("exists");
        outcome.ErrorText!.ShouldContain("Move them away or destroy them; 'zfs list -r backup/data' shows them.");
    }

    /// <summary>Renames the copy to where the source's dataset is now.</summary>
    private async Task FollowAsync(string logical, string from)
    {
        var plan = await _bench.PlanAsync(logical) with
        {
            Kind = InstructionKind.Repair,
            Steps = [],
            Repair = new()
            {
                Kind = RepairKind.FollowRename,
                RenameFrom = from,
                RenameTo = $"backup/{logical}",
            },
        };
        (await _bench.RunAsync(plan)).Result.ShouldBe(OutcomeResult.Done);
    }

    private async Task DivergeAsync()
    {
        _bench.Source.Zfs("create tank/data");
        _bench.Snapshot("tank/data", "a");
        await _bench.SyncAsync("data");
        _bench.Target.Zfs("snapshot backup/data@own");
        _bench.Snapshot("tank/data", "b");
    }

    private async Task<Instruction> ApprovedAsync(RepairKind kind)
    {
        var conflict = (await _bench.DecideAsync("data")).ShouldBeOfType<ReplicationDecision.Conflict>();
        var option = conflict.Repairs.Single(one => one.Kind == kind);
        return await _bench.PlanAsync("data") with
        {
            Kind = InstructionKind.Repair,
            Steps = [],
            Repair = new()
            {
                Kind = kind,
                Destroys = [.. option.Destroys.Select(one => one.Guid)],
                RollbackToGuid = option.RollbackTo?.Guid,
                RenameFrom = option.RenameFrom?.Value,
                RenameTo = option.RenameTo?.Value,
            },
        };
    }
}

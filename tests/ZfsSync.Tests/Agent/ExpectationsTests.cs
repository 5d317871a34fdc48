using Shouldly;
using Xunit;
using ZfsSync.Agent.Execution;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tests.Agent;

public sealed class ExpectationsTests
{
    private static readonly DatasetName Source = DatasetName.Parse("tank/data");
    private static readonly DatasetName Target = DatasetName.Parse("backup/data");

    [Fact]
    public void A_plan_that_fits_has_no_fault()
    {
        Expectations.TargetFault(Plan(), On(Target, "a1", "b2")).ShouldBeNull();
        Expectations.StepsFault(Plan(), Lists("a1", "b2", "c3", "d4"), On(Target, "a1", "b2")).ShouldBeNull();
    }

    [Fact, Trait("Scenario", "101")]
    public void A_base_that_was_pruned_is_a_fault() =>
        StepsFault("a1", "c3", "d4").ShouldBe("The base b (guid 2) does not exist any more on tank/data.");

    [Fact, Trait("Scenario", "57")]
    public void The_bookmark_of_a_pruned_base_serves_a_single_increment()
    {
        var plan = Plan() with { Steps = [Step(StepKind.Incremental, 2, 3)] };
        var source = Lists("c3") with { Bookmarks = [new Bookmark(new SnapshotGuid(2), "mark", 2)] };
        Expectations.StepsFault(plan, source, On(Target, "b2")).ShouldBeNull();
        StepCommands
            .ToSend(plan.Steps[0], source)
            .ShouldBeOfType<SendStep.Incremental>()
            .From.ShouldBe(new Anchor(new SnapshotGuid(2), "mark", IsBookmark: true));
    }

    [Fact]
    public void An_end_that_was_destroyed_is_a_fault() =>
        StepsFault("b2", "c3").ShouldBe("tank/data@d (guid 4) does not exist any more.");

    [Fact, Trait("Scenario", "51")]
    public void One_that_was_destroyed_between_base_and_end_is_none() => StepsFault("a1", "b2", "d4").ShouldBeNull();

    [Fact]
    public void One_that_nobody_planned_between_base_and_end_is_a_fault() =>
        StepsFault("b2", "x9:3", "c3:4", "d4:5")
            .ShouldBe("tank/data@x would arrive too, and the plan does not have it.");

    [Fact]
    public void A_base_that_is_not_older_than_the_end_is_a_fault() =>
        StepsFault("d4:1", "c3:2", "b2:3").ShouldBe("The base b is not older than the end d.");

    [Fact]
    public void A_target_that_moved_on_is_a_fault() =>
        TargetFault(On(Target, "a1", "b2", "x9"))
            .ShouldBe("The newest snapshot of backup/data is @x (guid 9); the plan expects guid 2.");

    [Fact]
    public void A_target_that_went_or_came_is_a_fault()
    {
        TargetFault(null).ShouldBe("backup/data does not exist any more.");
        Expectations
            .TargetFault(Plan() with { TargetExists = false, TargetNewestGuid = null }, On(Target))
            .ShouldBe("backup/data exists by now.");
    }

    [Fact]
    public void A_partial_receive_that_the_plan_does_not_know_is_a_fault()
    {
        var target = On(Target, "a1", "b2") with { ReceiveResumeToken = "1-now" };
        TargetFault(target).ShouldBe("backup/data holds a partial receive by now.");
        Expectations.TargetFault(Plan() with { AbortToken = "1-now" }, target).ShouldBeNull();
        Expectations
            .TargetFault(Plan() with { AbortToken = "1-then" }, target)
            .ShouldBe("The partial receive of backup/data is not the one that the plan knows.");
        var resume = Plan() with { Steps = [Step(StepKind.Resume, null, 3) with { Token = "1-now" }] };
        Expectations.TargetFault(resume, target).ShouldBeNull();
        Expectations
            .TargetFault(resume, target with { ReceiveResumeToken = null })
            .ShouldBe("The partial receive of backup/data is gone.");
    }

    [Fact, Trait("Scenario", "26")]
    public void A_name_that_is_taken_by_another_snapshot_is_a_fault() =>
        Expectations
            .StepsFault(Plan(), Lists("b2", "c3", "d4"), On(Target, "c8:1", "b2:2"))
            .ShouldBe("backup/data@c is another snapshot than the source's of that name.");

    [Fact]
    public void Steps_must_follow_each_other()
    {
        var plan = Plan() with { Steps = [Step(StepKind.Incremental, 2, 3), Step(StepKind.Incremental, 2, 4)] };
        Expectations
            .StepsFault(plan, Lists("b2", "c3", "d4"), On(Target, "b2"))
            .ShouldBe("A step starts from guid 2, and the target is then at guid 3.");
        Expectations.StepsFault(Plan() with { Steps = [] }, Lists("b2"), null).ShouldBe("The plan has no steps.");
    }

    [Fact, Trait("Scenario", "51")]
    public void A_range_sends_what_is_left_of_it() =>
        StepCommands
            .ToSend(Plan().Steps[0], Lists("a1", "b2", "d4"))
            .ShouldBeOfType<SendStep.Range>()
            .Arriving.Select(snapshot => snapshot.Label)
            .ShouldBe(["d"]);

    private static string? StepsFault(params string[] source) =>
        Expectations.StepsFault(Plan(), Lists(source), On(Target, "b2"));

    private static string? TargetFault(DatasetInventory? target) => Expectations.TargetFault(Plan(), target);

    private static Instruction Plan() =>
        new()
        {
            InstructionId = Guid.NewGuid(),
            EdgeId = "0123456789abcdef",
            SyncGroupId = Guid.NewGuid(),
            LogicalDataset = "data",
            Kind = InstructionKind.Replicate,
            Source = new()
            {
                SystemId = Guid.NewGuid(),
                Hostname = "a",
                Dataset = Source.Value,
            },
            Target = new()
            {
                SystemId = Guid.NewGuid(),
                Hostname = "b",
                Dataset = Target.Value,
            },
            ExecutorSystemId = Guid.NewGuid(),
            Flags = SendFlags.Default,
            TargetExists = true,
            TargetNewestGuid = new SnapshotGuid(2),
            Steps = [Step(StepKind.Range, 2, 4) with { ArrivingGuids = [new SnapshotGuid(3), new SnapshotGuid(4)] }],
        };

    private static InstructionStep Step(StepKind kind, ulong? from, ulong to) =>
        new()
        {
            Kind = kind,
            FromGuid = from is null ? null : new SnapshotGuid(from.Value),
            FromName = from is null ? null : NameOf(from.Value),
            ToGuid = new SnapshotGuid(to),
            ToName = NameOf(to),
        };

    private static string NameOf(ulong guid) => ((char)('a' + (int)guid - 1)).ToString();

    private static SourceLists Lists(params string[] snapshots) => new(Source, On(Source, snapshots).Snapshots, []);

    /// <summary><c>a1</c> is snapshot a with guid and createtxg 1; <c>a1:5</c> has createtxg 5.</summary>
    private static DatasetInventory On(DatasetName name, params string[] snapshots) =>
        new()
        {
            Name = name,
            Snapshots =
            [
                .. snapshots
                    .Select(text => text.Split(':'))
                    .Select(parts => new Snapshot(
                        SnapshotGuid.Parse(parts[0][1..]),
                        parts[0][..1],
                        ulong.Parse(parts[^1].TrimStart('a', 'b', 'c', 'd', 'x'))
                    ))
                    .OrderBy(snapshot => snapshot.CreateTxg),
            ],
        };
}

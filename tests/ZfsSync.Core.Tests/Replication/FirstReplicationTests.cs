using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Tests.Replication;

public class FirstReplicationTests
{
    private static readonly EdgePolicy AllowEmpty = EdgePolicy.Default with { AllowEmptyTarget = true };

    [Fact, Trait("Scenario", "02")]
    public void A_target_that_does_not_exist_gets_the_whole_history() =>
        Edge.Plan("@a,1 @b,2 @c,3", null).Text().ShouldBe("full @a, -I @a @c");

    [Fact, Trait("Scenario", "02")]
    public void Or_only_the_newest_snapshot_if_the_policy_says_so() =>
        Edge.Plan("@a,1 @b,2 @c,3", null, EdgePolicy.Default with { Initial = InitialSend.NewestOnly })
            .Text()
            .ShouldBe("full @c");

    [Fact]
    public void The_full_stream_is_estimated_by_what_its_snapshot_refers_to() =>
        Edge.Of("@a,1", null)
            .Source(s => s with { Snapshots = [s.Snapshots[0] with { ReferencedBytes = 77 }] })
            .Plan()
            .ShouldBeOfType<Full>()
            .Steps[0]
            .EstimatedBytes.ShouldBe(77UL);

    [Fact, Trait("Scenario", "14")]
    public void A_target_with_a_bookmark_only_has_nothing_to_continue() =>
        Edge.Plan("@a,1 @b,2", "#a,1").Text().ShouldBe("conflict NoCommonAncestor");

    [Theory, Trait("Scenario", "31")]
    [InlineData(DatasetKind.Filesystem)]
    [InlineData(DatasetKind.Volume)]
    public void Existing_data_is_refused_even_where_empty_targets_are_allowed(DatasetKind kind)
    {
        var conflict = Existing(written: 5_000_000, kind).PlanConflict(AllowEmpty);
        conflict.Kind.ShouldBe(ConflictKind.TargetHasData);
        conflict.Evidence.WrittenBytes.ShouldBe(5_000_000UL);
        conflict.Repairs.Single(r => r.Kind == RepairKind.FullResend).LosesWrites.ShouldBeTrue();
    }

    [Fact, Trait("Scenario", "31")]
    public void A_target_of_unknown_size_counts_as_holding_data() =>
        Existing(written: null).Plan(AllowEmpty).Text().ShouldBe("conflict TargetHasData");

    [Fact, Trait("Scenario", "32")]
    public void An_empty_target_is_received_into_with_permission_only()
    {
        Existing(written: 98_304).Plan().Text().ShouldBe("conflict TargetExistsEmpty");
        Existing(written: 98_304).Plan(AllowEmpty).ShouldBeOfType<Full>().OverwritesEmpty.ShouldBeTrue();
    }

    [Fact]
    public void A_clone_is_never_received_into_because_zfs_cannot_overwrite_it()
    {
        var clone = Existing(written: 0).Target(t => t with { Origin = SnapshotName.Parse("backup/other@x") });
        var conflict = clone.PlanConflict(AllowEmpty);
        conflict.Kind.ShouldBe(ConflictKind.TargetHasData);
        conflict.Evidence.Summary.ShouldContain("is a clone of backup/other@x");
    }

    [Fact]
    public void A_placeholder_of_ours_is_received_into() =>
        Existing(written: 98_304)
            .Target(t => t with { IsPlaceholder = true })
            .Plan()
            .ShouldBeOfType<Full>()
            .OverwritesEmpty.ShouldBeTrue();

    [Fact]
    public void A_placeholder_that_somebody_wrote_to_is_not_overwritten() =>
        Existing(written: 5_000_000)
            .Target(t => t with { IsPlaceholder = true })
            .Plan()
            .Text()
            .ShouldBe("conflict TargetHasData");

    [Fact]
    public void Files_that_an_agent_found_in_a_target_count_however_small_it_is()
    {
        var found = Existing(written: 98_304) with { HasTargetFiles = true };
        var conflict = found.PlanConflict(AllowEmpty);
        conflict.Kind.ShouldBe(ConflictKind.TargetHasData);
        conflict.Evidence.Summary.ShouldContain("files or directories");
        conflict
            .Repairs.Single(repair => repair.Kind == RepairKind.ByHand)
            .Text.ShouldContain("'zfs mount ", Case.Sensitive, "what a copy above it unmounted or made read-only");
        conflict.Repairs.ShouldContain(repair => repair.Kind == RepairKind.ReceiveBeside);
    }

    [Fact]
    public void A_new_target_needs_no_overwriting() =>
        Edge.Plan("@a,1", null).ShouldBeOfType<Full>().OverwritesEmpty.ShouldBeFalse();

    [Fact, Trait("Scenario", "49")]
    public void A_running_receive_is_waited_for_and_never_aborted() =>
        (
            Edge.Of("@a,1 @b,2", "@a,1").Target(t => t with { ReceiveResumeToken = "1-0-0-00" }) with
            {
                IsReceiving = true,
            }
        )
            .Plan()
            .Text()
            .ShouldBe("nothing ReceiveRunning");

    private static EdgeFacts Existing(ulong? written, DatasetKind kind = DatasetKind.Filesystem) =>
        Edge.Of("@a,1 @b,2", "")
            .Source(s => s with { Kind = kind })
            .Target(t => t with { WrittenBytes = written, Kind = kind });
}

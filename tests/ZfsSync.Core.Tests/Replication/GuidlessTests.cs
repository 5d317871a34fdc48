using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Tests.Replication;

/// <summary>Hosts that report names and times only.</summary>
public class GuidlessTests
{
    [Fact]
    public void A_source_without_guids_is_matched_by_name_and_second_and_the_decision_says_so()
    {
        var decision = Edge.Of("@a,1 @b,2 @c,3", "@a,1").Source(Guidless).Plan();
        decision.Text().ShouldBe("-I @a @c");
        decision.IsMatchedByName.ShouldBeTrue();
        var range = decision.ShouldBeOfType<Incremental>().Steps[0].ShouldBeOfType<SendStep.Range>();
        range.From.Guid.Value.ShouldBe(1UL);
        range.Arriving.ShouldAllBe(s => s.Guid.IsUnknown);
    }

    [Fact]
    public void A_target_without_guids_is_matched_the_same_way()
    {
        var decision = Edge.Of("@a,1 @b,2", "@a,1").Target(Guidless).Plan();
        decision.Text().ShouldBe("-i @a @b");
        decision.IsMatchedByName.ShouldBeTrue();
    }

    [Fact]
    public void Both_without_guids_match_each_other() =>
        Edge.Of("@a,1 @b,2", "@a,1 @b,2").Source(Guidless).Target(Guidless).Plan().Text().ShouldBe("up to date @b");

    [Fact]
    public void Equal_names_of_different_seconds_are_different_snapshots() =>
        Edge.Of("@a,1 @b,2", "@a,9")
            .Source(Guidless)
            .Target(Guidless)
            .Plan()
            .Text()
            .ShouldBe("conflict NoCommonAncestor");

    [Fact]
    public void Equal_names_without_times_prove_nothing()
    {
        static DatasetInventory Timeless(DatasetInventory d) =>
            Guidless(d) with
            {
                Snapshots = [.. Guidless(d).Snapshots.Select(s => s with { CreatedAt = null })],
            };
        Edge.Of("@a,1", "@a,1").Source(Timeless).Target(Timeless).Plan().Text().ShouldBe("conflict NoCommonAncestor");
    }

    [Fact]
    public void With_guids_on_both_sides_nothing_is_matched_by_name() =>
        Edge.Plan("@a,1 @b,2", "@a,1").IsMatchedByName.ShouldBeFalse();

    [Fact]
    public void Guids_without_createtxg_are_ordered_by_creation_and_matched_by_guid()
    {
        static DatasetInventory NoTxg(DatasetInventory d) =>
            d with
            {
                Snapshots = [.. d.Snapshots.Reverse().Select(s => s with { CreateTxg = 0 })],
            };
        var decision = Edge.Of("@a,1 @b,2 @c,3", "@a,1").Source(NoTxg).Plan();
        decision.Text().ShouldBe("-I @a @c");
        decision.IsMatchedByName.ShouldBeFalse();
    }

    [Fact]
    public void No_consent_covers_snapshots_without_guids()
    {
        var facts = Edge.Of("@a,1 @x,5", "@a,1 @y,2").Target(Guidless);
        var conflict = facts.PlanConflict();
        conflict.Kind.ShouldBe(ConflictKind.Diverged);
        var lost = conflict.Repairs.Single(r => r.Kind == RepairKind.Rollback).Destroys;
        lost.ShouldHaveSingleItem().Guid.IsUnknown.ShouldBeTrue();
        var approval = new Approval(RepairKind.Rollback, lost.Select(s => s.Guid).ToHashSet(), Edge.Now.AddHours(1));
        (facts with { Approvals = [approval] }).Plan().Text().ShouldBe("conflict Diverged");
    }

    [Fact]
    public void What_is_proven_on_hosts_without_guids_has_none() =>
        EdgeLag
            .Measure(Edge.Of("@a,1 @b,2", "@a,1").Source(Guidless).Target(Guidless), EdgePolicy.Default)
            .Proven!.Guid.IsUnknown.ShouldBeTrue();

    private static DatasetInventory Guidless(DatasetInventory dataset) =>
        dataset with
        {
            Snapshots =
            [
                .. dataset.Snapshots.Reverse().Select(s => s with { Guid = SnapshotGuid.Unknown, CreateTxg = 0 }),
            ],
        };
}

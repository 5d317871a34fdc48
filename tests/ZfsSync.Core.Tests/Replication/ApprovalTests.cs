using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Tests.Replication;

/// <summary>Consent is bound to guids and to time.</summary>
public class ApprovalTests
{
    private static readonly EdgeFacts Diverged = Edge.Of("@a,1 @x,5", "@a,1 @y,2 @z,3");

    [Fact]
    public void Consent_that_names_exactly_what_is_lost_lets_the_repair_happen()
    {
        var repair = With(RepairKind.Rollback, 2, 3).Plan().ShouldBeOfType<ApprovedRepair>();
        repair.Kind.ShouldBe(ConflictKind.Diverged);
        repair.Option.RollbackTo!.Guid.Value.ShouldBe(1UL);
        repair.Option.Destroys.Select(s => s.Guid.Value).ShouldBe([2UL, 3UL]);
    }

    [Theory]
    [InlineData(2UL)]
    [InlineData(2UL, 3UL, 4UL)]
    [InlineData()]
    public void Consent_to_anything_else_is_void(params ulong[] guids) =>
        With(RepairKind.Rollback, guids).Plan().Text().ShouldBe("conflict Diverged");

    [Fact]
    public void Consent_expires()
    {
        var facts = With(RepairKind.Rollback, 2, 3);
        (facts with { Now = Edge.Now.AddHours(1) }).Plan().Text().ShouldBe("conflict Diverged");
        (facts with { Now = Edge.Now.AddMinutes(59) }).Plan().Text().ShouldBe("approved Rollback");
    }

    [Fact]
    public void Consent_to_one_repair_is_none_to_another() =>
        With(RepairKind.Rollback, 1, 2, 3).Plan().Text().ShouldBe("conflict Diverged");

    [Theory]
    [InlineData(RepairKind.ReRead)]
    [InlineData(RepairKind.ByHand)]
    public void What_only_people_can_do_is_never_carried_out(RepairKind kind) =>
        With(kind).Plan().Text().ShouldBe("conflict Diverged");

    [Fact]
    public void The_more_harmless_of_two_approved_repairs_is_done()
    {
        var facts = Diverged with
        {
            Approvals = [Approve(RepairKind.FullResend, 1, 2, 3), Approve(RepairKind.ReceiveBeside)],
        };
        facts.Plan().Text().ShouldBe("approved ReceiveBeside");
    }

    [Fact]
    public void Consent_without_a_conflict_changes_nothing() =>
        (Edge.Of("@a,1 @b,2", "@a,1") with { Approvals = [Approve(RepairKind.FullResend, 1)] })
            .Plan()
            .Text()
            .ShouldBe("-i @a @b");

    [Fact]
    public void Receiving_beside_keeps_its_name_until_the_target_changes()
    {
        var first = Beside(Diverged);
        Beside(Diverged with { Now = Edge.Now.AddDays(3) }).ShouldBe(first);
        first.IsAtOrBelow(DatasetName.Parse("backup")).ShouldBeTrue();
    }

    [Fact]
    public void What_takes_the_place_of_a_copy_put_aside_is_put_aside_under_another_name()
    {
        // From a third host the very same snapshots may come to the target again: only the dataset is another one.
        var first = Diverged with
        {
            Target = Diverged.Target! with { DatasetGuid = 1 },
        };
        Beside(first with { Target = first.Target with { DatasetGuid = 2 } }).ShouldNotBe(Beside(first));
    }

    private static DatasetName Beside(EdgeFacts facts) =>
        facts.PlanConflict().Repairs.Single(r => r.Kind == RepairKind.ReceiveBeside).RenameTo!;

    private static EdgeFacts With(RepairKind kind, params ulong[] guids) =>
        Diverged with
        {
            Approvals = [Approve(kind, guids)],
        };

    private static Approval Approve(RepairKind kind, params ulong[] guids) =>
        new(kind, guids.Select(g => new SnapshotGuid(g)).ToHashSet(), Edge.Now.AddHours(1));
}

using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Tests.Replication;

public class TargetConflictTests
{
    [Fact, Trait("Scenario", "03")]
    public void Two_histories_without_a_common_snapshot_are_a_conflict_with_both_lists()
    {
        var conflict = Edge.Of("@c,3 @d,4", "@a,1 @b,2").PlanConflict();
        conflict.Kind.ShouldBe(ConflictKind.NoCommonAncestor);
        Labels(conflict.Evidence.SourceOnly).ShouldBe("c d");
        Labels(conflict.Evidence.TargetOnly).ShouldBe("a b");
        conflict.Evidence.NewestCommon.ShouldBeNull();
        Kinds(conflict).ShouldBe([RepairKind.ReRead, RepairKind.ReceiveBeside, RepairKind.FullResend]);
    }

    [Fact, Trait("Scenario", "04"), Trait("Scenario", "104")]
    public void Both_sides_having_gone_on_after_the_common_one_is_a_split_brain()
    {
        var conflict = Edge.Of("@a,1 @x,3", "@a,1 @y,2").PlanConflict();
        conflict.Kind.ShouldBe(ConflictKind.Diverged);
        conflict.Evidence.NewestCommon.ShouldBe(new Anchor(new SnapshotGuid(1), "a", false));
        Labels(conflict.Evidence.SourceOnly).ShouldBe("x");
        Labels(conflict.Evidence.TargetOnly).ShouldBe("y");
        Labels(Option(conflict, RepairKind.Rollback).Destroys).ShouldBe("y");
        Labels(Option(conflict, RepairKind.FullResend).Destroys).ShouldBe("a y");
        Kinds(conflict)
            .ShouldBe([
                RepairKind.ReRead,
                RepairKind.ByHand,
                RepairKind.ReceiveBeside,
                RepairKind.Rollback,
                RepairKind.FullResend,
            ]);
    }

    [Fact, Trait("Scenario", "104")]
    public void A_split_brain_blocks_both_directions()
    {
        Edge.Plan("@a,1 @x,3", "@a,1 @y,2").Text().ShouldBe("conflict Diverged");
        Edge.Plan("@a,1 @y,2", "@a,1 @x,3").Text().ShouldBe("conflict Diverged");
    }

    [Fact, Trait("Scenario", "25")]
    public void The_same_name_for_different_newest_snapshots_is_a_conflict_that_names_it()
    {
        var conflict = Edge.Of("@a,1 @b,2", "@a,1 @b,3").PlanConflict();
        conflict.Kind.ShouldBe(ConflictKind.Diverged);
        conflict.Evidence.ClashingLabels.ShouldBe(["b"]);
        Edge.Of("@b,2", "@b,3").PlanConflict().Evidence.ClashingLabels.ShouldBe(["b"]);
    }

    [Fact, Trait("Scenario", "25")]
    public void After_an_approved_rollback_the_guids_become_equal()
    {
        var facts = Edge.Of("@a,1 @b,2", "@a,1 @b,3");
        facts = facts with { Approvals = [Approve(RepairKind.Rollback, 3)] };
        facts.Plan().Text().ShouldBe("approved Rollback");
        Edge.Plan("@a,1 @b,2", "@a,1").Text().ShouldBe("-i @a @b");
        Edge.Plan("@a,1 @b,2", "@a,1 @b,2").Text().ShouldBe("up to date @b");
    }

    [Fact, Trait("Scenario", "26")]
    public void A_name_that_is_taken_by_an_older_snapshot_of_the_target_is_reported_before_sending()
    {
        var conflict = Edge.Of("@a,1 @b,2 @c,3", "@b,9,1 @a,1,2").PlanConflict();
        conflict.Kind.ShouldBe(ConflictKind.NameClash);
        conflict.Evidence.NewestCommon!.Label.ShouldBe("a");
        conflict.Evidence.ClashingLabels.ShouldBe(["b"]);
        Option(conflict, RepairKind.RenameTargetSnapshots).Renames.ShouldHaveSingleItem().Guid.Value.ShouldBe(9UL);
        Option(conflict, RepairKind.RenameTargetSnapshots).Destroys.ShouldBeEmpty();
    }

    [Fact, Trait("Scenario", "26")]
    public void A_taken_name_does_not_matter_when_that_snapshot_is_not_to_arrive() =>
        Edge.Plan("@a,1 @b,2 @c,3", "@b,9,1 @a,1,2", Edge.Only("c")).Text().ShouldBe("-i @a @c");

    [Fact, Trait("Scenario", "28")]
    public void A_history_found_under_another_name_is_a_rename_and_nothing_is_sent_anew()
    {
        var facts = Edge.Of("@a,1 @b,2", null) with
        {
            OtherTargets =
            [
                SnapshotText.Dataset("backup/unrelated", "@z,99"),
                SnapshotText.Dataset("backup/former", "@a,1 @b,2"),
            ],
        };
        var conflict = facts.PlanConflict();
        conflict.Kind.ShouldBe(ConflictKind.Renamed);
        conflict.Evidence.FoundAt.ShouldBe(DatasetName.Parse("backup/former"));
        var follow = Option(conflict, RepairKind.FollowRename);
        follow.RenameFrom.ShouldBe(DatasetName.Parse("backup/former"));
        follow.RenameTo.ShouldBe(DatasetName.Parse("backup/data"));
        follow.IsExecutable.ShouldBeTrue();
        (facts with { Approvals = [Approve(RepairKind.FollowRename)] }).Plan().Text().ShouldBe("approved FollowRename");
    }

    [Fact, Trait("Scenario", "28")]
    public void A_rename_is_recognised_by_a_bookmark_as_well()
    {
        var facts = Edge.Of("#a,1 @c,3", null) with { OtherTargets = [SnapshotText.Dataset("backup/former", "@a,1")] };
        facts.PlanConflict().Kind.ShouldBe(ConflictKind.Renamed);
    }

    [Theory, Trait("Scenario", "29")]
    [InlineData("@a,1", "@a,1 @own,2")]
    [InlineData("@a,1 @b,2", "@a,1 @b,2 @own,3")]
    public void A_target_with_newer_snapshots_of_its_own_is_ahead(string source, string target)
    {
        var conflict = Edge.Of(source, target).PlanConflict();
        conflict.Kind.ShouldBe(ConflictKind.TargetAhead);
        Labels(conflict.Evidence.TargetOnly).ShouldBe("own");
        Kinds(conflict).ShouldBe([RepairKind.ReRead, RepairKind.ByHand, RepairKind.ReceiveBeside, RepairKind.Rollback]);
    }

    [Fact, Trait("Scenario", "29")]
    public void Snapshots_of_the_target_that_hold_no_changes_make_it_ahead_and_not_diverged()
    {
        var facts = Edge.Of("@a,1 @b,2", "@a,1 @own,3");
        facts.Plan().Text().ShouldBe("conflict Diverged");
        facts
            .Target(t => t with { Snapshots = [.. t.Snapshots.Select(s => s with { ReferencedBytes = 4096 })] })
            .Plan()
            .Text()
            .ShouldBe("conflict TargetAhead");
    }

    [Fact, Trait("Scenario", "29")]
    public void Writes_after_the_targets_own_snapshots_make_it_diverged_whatever_the_snapshots_hold() =>
        Edge.Of("@a,1 @b,2", "@a,1 @own,3")
            .Target(t =>
                t with
                {
                    WrittenBytes = 1,
                    Snapshots = [.. t.Snapshots.Select(s => s with { ReferencedBytes = 4096 })],
                }
            )
            .Plan()
            .Text()
            .ShouldBe("conflict Diverged");

    [Fact, Trait("Scenario", "30")]
    public void A_target_that_was_written_to_is_modified_and_can_be_rolled_back_with_consent()
    {
        var facts = Edge.Of("@a,1 @b,2", "@a,1").Target(t => t with { WrittenBytes = 8192 });
        var conflict = facts.PlanConflict();
        conflict.Kind.ShouldBe(ConflictKind.TargetModified);
        conflict.Evidence.WrittenBytes.ShouldBe(8192UL);
        conflict.Evidence.Summary.ShouldContain("8 KiB");
        var rollback = Option(conflict, RepairKind.Rollback);
        rollback.Destroys.ShouldBeEmpty();
        rollback.LosesWrites.ShouldBeTrue();
        rollback.RollbackTo!.Label.ShouldBe("a");
        (facts with { Approvals = [Approve(RepairKind.Rollback)] }).Plan().Text().ShouldBe("approved Rollback");
    }

    [Theory, Trait("Scenario", "33")]
    [InlineData(DatasetKind.Volume, DatasetKind.Filesystem)]
    [InlineData(DatasetKind.Filesystem, DatasetKind.Volume)]
    public void A_volume_and_a_file_system_are_refused_with_both_kinds_named(DatasetKind source, DatasetKind target)
    {
        var conflict = Edge.Of("@a,1 @b,2", "@a,1")
            .Source(s => s with { Kind = source })
            .Target(t => t with { Kind = target })
            .PlanConflict();
        conflict.Kind.ShouldBe(ConflictKind.KindMismatch);
        conflict.Evidence.Summary.ShouldContain("volume");
        conflict.Evidence.Summary.ShouldContain("file system");
    }

    [Fact, Trait("Scenario", "33")]
    public void Nothing_can_be_received_below_a_volume()
    {
        var parent = SnapshotText.Dataset("backup", "") with { Kind = DatasetKind.Volume };
        (Edge.Of("@a,1", null) with { TargetParent = parent }).Plan().Text().ShouldBe("conflict KindMismatch");
    }

    [Fact]
    public void A_repair_names_the_bytes_that_are_sent_again()
    {
        var facts = Edge.Of("@c,3 @d,4", "@a,1")
            .Source(s =>
                s with
                {
                    Snapshots =
                    [
                        s.Snapshots[0] with
                        {
                            UsedBytes = 10,
                            ReferencedBytes = 50,
                        },
                        s.Snapshots[1] with
                        {
                            ReferencedBytes = 100,
                        },
                    ],
                }
            );
        Option(facts.PlanConflict(), RepairKind.FullResend).ResendBytes.ShouldBe(110UL);
        Option(facts.PlanConflict(EdgePolicy.Default with { Initial = InitialSend.NewestOnly }), RepairKind.FullResend)
            .ResendBytes.ShouldBe(100UL);
        Option(Edge.Of("@c,3", "@a,1").PlanConflict(), RepairKind.FullResend).ResendBytes.ShouldBeNull();
    }

    [Fact]
    public void A_pools_root_dataset_is_never_to_be_renamed_or_destroyed()
    {
        var facts = Edge.Of("@c,3", "@a,1").Target(t => t with { Name = DatasetName.Parse("backup") }) with
        {
            TargetName = DatasetName.Parse("backup"),
        };
        Kinds(facts.PlanConflict()).ShouldBe([RepairKind.ReRead]);
    }

    private static Approval Approve(RepairKind kind, params ulong[] guids) =>
        new(kind, guids.Select(g => new SnapshotGuid(g)).ToHashSet(), Edge.Now.AddHours(1));

    private static Repair Option(Conflict conflict, RepairKind kind) => conflict.Repairs.Single(r => r.Kind == kind);

    private static RepairKind[] Kinds(Conflict conflict) => [.. conflict.Repairs.Select(r => r.Kind)];

    private static string Labels(IReadOnlyList<Snapshot> snapshots) => string.Join(' ', snapshots.Select(s => s.Label));
}

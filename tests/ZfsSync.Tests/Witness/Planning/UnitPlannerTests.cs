using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Features.Planning;

namespace ZfsSync.Tests.Witness.Planning;

public sealed class UnitPlannerTests
{
    /// <summary>Two hosts, of which the second has a root.</summary>
    private static PlanningScene Rooted(string root)
    {
        var scene = TwoHosts();
        scene.Group = scene.Group with
        {
            Members =
            [
                new GroupMember { SystemId = PlanningScene.Id(1) },
                new GroupMember { SystemId = PlanningScene.Id(2), Root = root },
            ],
        };
        return scene;
    }

    private static PlanningScene TwoHosts() =>
        new PlanningScene().Host(1, "a").Host(2, "b").Members(GroupMode.Hub, 1, 2);

    [Fact]
    public void Different_pools_meet_in_the_logical_dataset()
    {
        var plan = TwoHosts().Dataset(1, "a/d", 1, 2, 3).Dataset(2, "b/d", 1).Plan();
        var edge = plan.Edges.ShouldHaveSingleItem();
        edge.Row.SourceDataset.ShouldBe("a/d");
        edge.Row.TargetDataset.ShouldBe("b/d");
        edge.Row.State.ShouldBe(EdgeState.OutOfSync);
        edge.Row.LagSnapshots.ShouldBe(2);
        edge.Row.LagSeconds.ShouldBe(7200);
        edge.Row.ProvenName.ShouldBe("s1");
        var wanted = edge.Wanted.ShouldNotBeNull();
        wanted.ExecutorSystemId.ShouldBe(PlanningScene.Id(2));
        wanted.Source.SshHostname.ShouldBe("host1.example");
        wanted.Target.SshHostname.ShouldBeNull();
        wanted.Steps.ShouldHaveSingleItem().ToName.ShouldBe("s3");
        wanted.TargetNewestGuid.ShouldBe(new SnapshotGuid(1));
        wanted.ReceiveProperties["readonly"].ShouldBe("on");
    }

    [Fact]
    public void A_copy_is_late_once_what_it_lacks_has_waited_for_the_groups_interval()
    {
        var scene = TwoHosts().Dataset(1, "a/d", 1, 2, 3).Dataset(2, "b/d", 1);
        scene.Group = scene.Group with { SyncIntervalSeconds = 900 };
        var missing = scene.Plan().Edges[0];
        missing.Row.LateAt.ShouldBe(missing.Row.ProvenCreatedAt!.Value.AddHours(1).AddMinutes(15));
        scene.Group = scene.Group with { Enabled = false };
        scene.Plan().Edges[0].Row.LateAt.ShouldBeNull("nobody expects a copy of a group that is switched off");
        scene.Group = scene.Group with { Enabled = true };
        scene.Dataset(2, "b/d", 1, 2, 3).Plan().Edges[0].Row.LateAt.ShouldBeNull();
    }

    [Fact]
    public void A_copy_whose_name_would_be_too_long_is_told_of_and_stops_nothing_else()
    {
        var logical = new string('x', NameRules.MaxBytes - 3);
        var scene = new PlanningScene { Logical = logical }
            .Host(1, "a")
            .Host(2, "b-longer-pool")
            .Members(GroupMode.Hub, 1, 2)
            .Dataset(1, $"a/{logical}", 1);
        var edge = scene.Plan().Edges.ShouldHaveSingleItem();
        edge.Row.Reason.ShouldBe(ReasonCode.TargetNameTooLong);
        edge.Row.View.Text.ShouldContain("shorter root");
        edge.Wanted.ShouldBeNull();
    }

    [Fact]
    [Trait("Scenario", "89")]
    public void A_hub_ahead_of_three_targets_gets_three_instructions_with_three_identities()
    {
        var scene = new PlanningScene().Host(1, "a").Members(GroupMode.Hub, 1, 2, 3, 4).Dataset(1, "a/d", 1, 2);
        foreach (var target in new[] { 2, 3, 4 })
            scene.Host(target, "p" + target).Dataset(target, $"p{target}/d", 1);
        var plan = scene.Plan();
        plan.Edges.Count.ShouldBe(3);
        plan.Edges.Select(e => e.Wanted!.ExecutorSystemId)
            .ShouldBe([PlanningScene.Id(2), PlanningScene.Id(3), PlanningScene.Id(4)]);
        plan.Edges.Select(e => e.Row.Id).Distinct().Count().ShouldBe(3);
        plan.Edges.ShouldAllBe(e => e.Row.Id.Length == 16);
    }

    [Fact]
    [Trait("Scenario", "91")]
    public void In_sync_is_said_by_proof_and_wants_nothing()
    {
        var edge = TwoHosts().Dataset(1, "a/d", 1, 2).Dataset(2, "b/d", 1, 2).Plan().Edges.ShouldHaveSingleItem();
        edge.Row.State.ShouldBe(EdgeState.InSync);
        edge.Row.LastInSyncAt.ShouldBe(PlanningScene.Now);
        edge.Wanted.ShouldBeNull();
        edge.Row.View.Text.ShouldNotBeEmpty();
    }

    [Fact]
    [Trait("Scenario", "98")]
    public void A_silent_host_makes_its_edges_stale_and_suspends_them()
    {
        var scene = TwoHosts().Dataset(1, "a/d", 1, 2).Dataset(2, "b/d", 1);
        scene.After(scene.Plan());
        scene.Host(2, "b", h => h with { Standing = h.Standing with { Silence = TimeSpan.FromHours(2) } });
        var edge = scene.Plan().Edges.ShouldHaveSingleItem();
        edge.Row.State.ShouldBe(EdgeState.Stale);
        edge.Row.Reason.ShouldBe(ReasonCode.TargetStale);
        edge.Row.LagSnapshots.ShouldBe(1, "the last knowledge stays");
        edge.Wanted.ShouldBeNull();
    }

    [Fact]
    [Trait("Scenario", "92")]
    public void A_source_without_ssh_identity_gives_a_reason_and_no_instruction()
    {
        var edge = TwoHosts()
            .Host(1, "a", h => h with { SshHostname = null })
            .Dataset(1, "a/d", 1, 2)
            .Dataset(2, "b/d", 1)
            .Plan()
            .Edges.ShouldHaveSingleItem();
        edge.Row.Reason.ShouldBe(ReasonCode.MissingSshIdentity);
        edge.Wanted.ShouldBeNull();
    }

    [Fact]
    public void Pushing_is_done_by_the_source_and_one_host_needs_no_ssh()
    {
        var push = TwoHosts().Policy(new GroupPolicy { Direction = TransferDirection.Push });
        var wanted = push.Dataset(1, "a/d", 1, 2).Dataset(2, "b/d", 1).Plan().Edges[0].Wanted!;
        wanted.ExecutorSystemId.ShouldBe(PlanningScene.Id(1));
        wanted.Target.SshHostname.ShouldBe("host2.example");

        var one = new PlanningScene().Host(1, "a", h => h with { Pools = ["a", "b"], SshHostname = null });
        one.Dataset(1, "a/d", 1).Dataset(1, "b").Dataset(1, "b/copies");
        one.Group = one.Group with
        {
            HubSystemId = PlanningScene.Id(1),
            Members =
            [
                new GroupMember { SystemId = PlanningScene.Id(1), Root = "a" },
                new GroupMember { SystemId = PlanningScene.Id(1), Root = "b/copies" },
            ],
        };
        one.Plan().Edges[0].Wanted!.Target.Dataset.ShouldBe("b/copies/d");
    }

    [Fact]
    [Trait("Scenario", "102")]
    public void A_success_that_the_next_report_does_not_show_is_flagged_and_one_that_shows_later_is_proven()
    {
        var scene = TwoHosts().Dataset(1, "a/d", 1, 2).Dataset(2, "b/d", 1);
        scene.After(scene.Plan(), InstructionState.Done);

        var waiting = scene.Plan().Edges[0];
        waiting.Row.State.ShouldBe(EdgeState.Unproven);
        waiting.Wanted.ShouldBeNull("the same thing is not done again before a report came");
        waiting.Proof.ShouldBeNull();

        scene.Clock = PlanningScene.Now.AddMinutes(5);
        scene.Host(2, "b");
        var flagged = scene.Plan();
        flagged.Edges[0].Row.State.ShouldBe(EdgeState.Unproven);
        flagged.Edges[0].Proof.ShouldBe(new RunProof(PlanningScene.Id(500), Proven: false));
        flagged.Edges[0].Row.Failures.ShouldBe(1);
        flagged.Edges[0].Row.LastError!.ShouldContain("does not show @s2 (guid 2)");
        flagged.Edges[0].Row.Reason.ShouldBe(ReasonCode.BackingOff);

        scene.Proven(flagged).Dataset(2, "b/d", 1, 2);
        var shown = scene.Plan().Edges[0];
        shown.Row.State.ShouldBe(EdgeState.InSync);
        shown.Proof.ShouldBe(new RunProof(PlanningScene.Id(500), Proven: true));
        shown.Row.Failures.ShouldBe(0);
        shown.Row.Pinned.ShouldBe(SendFlags.Default);
    }

    [Fact]
    public void While_an_agent_works_the_edge_is_syncing_and_nothing_else_is_wanted()
    {
        var scene = TwoHosts().Dataset(1, "a/d", 1, 2).Dataset(2, "b/d", 1);
        scene.After(scene.Plan(), InstructionState.Leased).Dataset(1, "a/d", 1, 2, 3);
        var edge = scene.Plan().Edges[0];
        edge.Row.State.ShouldBe(EdgeState.Syncing);
        edge.Row.Decision.ShouldBe(DecisionKind.Incremental, "what runs stays shown");
        edge.Row.LagSnapshots.ShouldBe(2);
        edge.Wanted.ShouldBeNull();
    }

    [Fact]
    [Trait("Scenario", "55")]
    public void A_child_waits_until_its_parent_has_arrived_but_not_for_one_with_nothing_to_send()
    {
        var scene = TwoHosts();
        scene.Logical = "home";
        var parent = scene.Dataset(1, "a/home", 1).Plan().Edges[0];
        parent.Wanted.ShouldNotBeNull();

        scene.Logical = "home/ann";
        scene.Parents.Add(parent.Row);
        scene.Dataset(1, "a/home/ann", 5);
        var waiting = scene.Plan().Edges[0];
        waiting.Row.Reason.ShouldBe(ReasonCode.WaitsForParent);
        waiting.Row.View.Text.ShouldContain("b/home");
        waiting.Wanted.ShouldBeNull();

        scene.Parents[0] = parent.Row with { Reason = ReasonCode.NoSourceSnapshots };
        scene.Plan().Edges[0].Wanted.ShouldNotBeNull();
        scene.Parents[0] = parent.Row;
        scene.Dataset(2, "b/home", 1).Plan().Edges[0].Wanted.ShouldNotBeNull();
    }

    /// <summary>To plan <c>home/ann</c> while the first receive of <c>home</c> is cut.</summary>
    private static PlanningScene BelowBegunParent()
    {
        var scene = TwoHosts();
        scene.Logical = "home";
        scene.Parents.Add(scene.Dataset(1, "a/home", 1, 2).Begun(2, "b/home").Plan().Edges[0].Row);
        scene.Logical = "home/ann";
        return scene;
    }

    [Fact]
    public void A_child_waits_while_the_first_receive_of_its_parent_is_cut_but_not_for_an_increment()
    {
        var scene = BelowBegunParent().Dataset(1, "a/home/ann", 5);
        var waiting = scene.Plan().Edges[0];
        waiting.Row.Reason.ShouldBe(ReasonCode.WaitsForParent, "zfs takes back no receive that has datasets below it");
        waiting.Row.WaitsFor.ShouldBe("home");

        var parent = scene.Parents[0];
        scene.Parents[0] = parent with { View = parent.View with { Target = new HistoryEnd(1, "s1", null) } };
        scene.Plan().Edges[0].Wanted.ShouldNotBeNull();
    }

    [Fact]
    public void An_approved_repair_does_not_wait_for_the_parent_whose_first_copy_it_may_stand_in_the_way_of()
    {
        var scene = BelowBegunParent();
        var conflict = scene.Dataset(1, "a/home/ann", 5).Dataset(2, "b/home/ann", 6).Plan().Edges[0].Row;
        conflict.Conflict.ShouldBe(ConflictKind.NoCommonAncestor);

        scene.Approve(
            conflict.Id,
            new Approval(RepairKind.ReceiveBeside, new HashSet<SnapshotGuid>(), PlanningScene.Now.AddHours(1))
        );

        scene.After(scene.Plan()).Plan().Edges[0].Wanted!.Kind.ShouldBe(InstructionKind.Repair);
    }

    [Fact]
    public void A_missing_root_is_made_by_the_agent_when_its_pool_is_there()
    {
        var scene = Rooted("b/hosts/alpha").Dataset(1, "a/d", 1);
        var edge = scene.Plan().Edges[0];
        edge.Wanted!.Target.Root.ShouldBe("b/hosts/alpha");
        scene
            .Policy(new GroupPolicy { Direction = TransferDirection.Push })
            .Host(1, "a", h => h with { HasAgent = false });
        edge = scene.Plan().Edges[0];
        edge.Row.Reason.ShouldBe(ReasonCode.TargetRootMissing);
        edge.Row.View.Text.ShouldContain("zfs create -p -o canmount=off b/hosts/alpha");
        scene.Dataset(2, "b/hosts/alpha").Plan().Edges[0].Wanted.ShouldNotBeNull();
        scene.Without(2, "b/hosts/alpha").Host(2, "b", h => h with { HasAgent = false });
        scene.Plan().Edges[0].Wanted.ShouldNotBeNull("a script reports nothing that has no snapshots");
    }

    [Fact]
    public void A_missing_pool_is_named_with_the_pools_that_are_there()
    {
        var scene = Rooted("c/hosts").Dataset(1, "a/d", 1);
        var edge = scene.Plan().Edges[0];
        edge.Wanted.ShouldBeNull();
        edge.Row.Reason.ShouldBe(ReasonCode.TargetRootMissing);
        edge.Row.View.Text.ShouldContain("host2 reports no c, only b");
        scene.Host(2, "b", h => h with { Pools = [] });
        scene.Plan().Edges[0].Row.View.Text.ShouldContain("host2 reports no pools");
    }

    [Fact]
    public void A_root_that_is_all_of_an_agents_scope_is_enough()
    {
        var scene = Rooted("b/hosts/alpha").Dataset(1, "a/d", 1).Without(2, "b").Dataset(2, "b/hosts/alpha");
        scene.Plan().Edges[0].Wanted.ShouldNotBeNull("the agent does not report what lies above");
    }

    [Fact]
    [Trait("Scenario", "55")]
    public void A_grandchild_waits_for_the_root_when_the_one_between_has_nothing_to_send()
    {
        var scene = Rooted("b/hosts/alpha").Dataset(1, "a", 7);
        scene.Logical = "";
        var root = scene.Plan().Edges[0];
        root.Wanted.ShouldNotBeNull("a copy of the source's root makes the target's root");
        scene.Parents.Add(root.Row);
        scene.Logical = "x";
        scene.Parents.Add(scene.Dataset(1, "a/x").Plan().Edges[0].Row);

        scene.Logical = "x/y";
        var waiting = scene.Dataset(1, "a/x/y", 5).Plan().Edges[0];
        waiting.Row.Reason.ShouldBe(ReasonCode.WaitsForParent, "a placeholder would stand in the root's way");
        waiting.Row.View.Text.ShouldContain("b/hosts/alpha must arrive");
        waiting.Row.WaitsFor.ShouldBe("");
        scene.Dataset(2, "b/hosts/alpha", 7).Plan().Edges[0].Wanted.ShouldNotBeNull();
    }

    [Fact]
    public void A_host_with_several_pools_must_say_which_is_the_target()
    {
        var scene = TwoHosts().Host(2, "b", h => h with { Pools = ["b", "c"] }).Dataset(1, "a/d", 1).Dataset(2, "c");
        var edge = scene.Plan().Edges[0];
        edge.Row.Reason.ShouldBe(ReasonCode.TargetRootMissing);
        edge.Row.View.Text.ShouldContain("give the member a root");
        scene.Dataset(2, "c/d", 1).Plan().Edges[0].Row.TargetDataset.ShouldBe("c/d");
    }

    [Fact]
    public void A_pool_that_is_missing_is_explained_and_its_copies_are_not_looked_for_in_another()
    {
        var scene = TwoHosts().Dataset(1, "a/d", 1).Dataset(2, "b/d", 1).Dataset(2, "c");
        var before = scene.Plan();
        scene.After(before).Host(2, "b", h => h with { Pools = ["c", "b"], MissingPools = ["b"] });
        var edge = scene.Plan().Edges.ShouldHaveSingleItem();
        edge.Row.Id.ShouldBe(before.Edges[0].Row.Id, "a single pool that is left is not the target");
        edge.Row.Reason.ShouldBe(ReasonCode.PoolMissing);
        edge.Row.State.ShouldBe(EdgeState.OutOfSync, "nothing proves it now");
        edge.Row.View.Text.ShouldContain("host2 does not report its pool b any more: import it there");

        scene.Host(2, "b").Host(1, "a", h => h with { MissingPools = ["a"] });
        scene.Plan().Edges.ShouldHaveSingleItem().Row.View.Text.ShouldContain("host1 does not report its pool a");
    }

    [Fact]
    [Trait("Scenario", "35")]
    public void A_group_that_wants_encrypted_copies_sends_no_plain_stream_to_a_plain_place()
    {
        var scene = TwoHosts().Dataset(1, "a/d", 1).Policy(new GroupPolicy { RequireEncryptedTarget = true });
        var edge = scene.Plan().Edges[0];
        edge.Wanted.ShouldBeNull();
        edge.Row.Conflict.ShouldBe(ConflictKind.EncryptionMismatch);
        scene.Policy(new GroupPolicy()).Plan().Edges[0].Wanted.ShouldNotBeNull();
    }

    [Fact]
    public void A_pools_own_root_dataset_is_not_received_into_another_pools()
    {
        var scene = TwoHosts().Dataset(1, "a", 1, 2);
        scene.Logical = "";
        scene.Plan().Edges.ShouldBeEmpty();
        scene.Dataset(2, "b", 1).Plan().Edges.ShouldHaveSingleItem("a history that is already shared goes on");
    }

    [Fact]
    public void An_edge_goes_when_neither_side_has_the_dataset_and_says_so_while_the_copy_is_there()
    {
        var scene = TwoHosts().Dataset(1, "a/d", 1).Dataset(2, "b/d", 1);
        var edge = scene.Plan();
        scene.After(edge).Without(1, "a/d");
        scene.Plan().Edges[0].Row.Reason.ShouldBe(ReasonCode.SourceDatasetMissing);
        scene.Without(2, "b/d").Plan().Gone.ShouldBe([edge.Edges[0].Row.Id]);
    }

    [Fact]
    public void Datasets_that_the_group_does_not_select_have_no_edges()
    {
        var scene = TwoHosts().Dataset(1, "a/d", 1);
        scene.Group = scene.Group with { Datasets = new NamePatterns(["x/**"]) };
        scene.Plan().Edges.ShouldBeEmpty();
        scene.Group = scene.Group with { Datasets = new NamePatterns([], ["d"]) };
        scene.Plan().Edges.ShouldBeEmpty();
    }

    [Fact]
    public void A_group_that_is_switched_off_says_so_and_a_proven_edge_stays_in_sync()
    {
        var scene = TwoHosts().Dataset(1, "a/d", 1, 2).Dataset(2, "b/d", 1);
        scene.Group = scene.Group with { Enabled = false };
        scene.Plan().Edges[0].Row.Reason.ShouldBe(ReasonCode.GroupDisabled);
        scene.Dataset(2, "b/d", 1, 2).Plan().Edges[0].Row.State.ShouldBe(EdgeState.InSync);
    }

    [Fact]
    public void A_conflict_carries_its_repairs_and_an_approval_becomes_an_instruction_that_names_guids()
    {
        var scene = TwoHosts().Dataset(1, "a/d", 1, 2).Dataset(2, "b/d", 1, 7);
        var edge = scene.Plan().Edges[0];
        edge.Row.State.ShouldBe(EdgeState.Conflict);
        edge.Wanted.ShouldBeNull();
        var rollback = edge.Row.View.Repairs.Single(r => r.Kind == RepairKind.Rollback);
        rollback.Destroys.ShouldBe([new SnapshotGuid(7)]);
        edge.Row.View.Repairs.Select(r => r.Kind).ShouldBe(edge.Row.View.Repairs.Select(r => r.Kind).Order());

        scene.Approve(
            edge.Row.Id,
            new Approval(RepairKind.Rollback, rollback.Destroys.ToHashSet(), PlanningScene.Now.AddHours(1))
        );
        var approved = scene.Plan().Edges[0];
        approved.Wanted!.Kind.ShouldBe(InstructionKind.Repair);
        approved.Wanted.Repair!.Destroys.ShouldBe([new SnapshotGuid(7)]);
        approved.Wanted.Repair.RollbackToGuid.ShouldBe(new SnapshotGuid(1));
        approved.Row.DueAt.ShouldBe(PlanningScene.Now.AddHours(1), "the consent ends then");
    }

    [Fact]
    public void A_young_snapshot_is_not_missing_and_falls_due_when_it_is_old_enough()
    {
        var scene = TwoHosts().Policy(new GroupPolicy { MinAgeSeconds = 7200 });
        scene.Dataset(1, "a/d", 1, 999).Dataset(2, "b/d", 1);
        var edge = scene.Plan().Edges[0];
        edge.Row.State.ShouldBe(EdgeState.InSync);
        edge.Row.Reason.ShouldBe(ReasonCode.YoungerThanMinAge);
        edge.Row.DueAt.ShouldBe(PlanningScene.Now.AddHours(1));
    }

    [Fact]
    public void An_agent_is_not_sent_after_snapshots_that_have_no_guid()
    {
        var scene = TwoHosts().Dataset(1, "a/d", 1).Dataset(2, "b/d");
        scene.Without(2, "b/d").Dataset(1, "a/d", 0);
        scene.Plan().Edges[0].Row.Reason.ShouldBe(ReasonCode.SourceReportsNoGuids);
        scene.Host(2, "b", h => h with { HasAgent = false }).Plan().Edges[0].Wanted.ShouldNotBeNull();
    }

    [Fact]
    public void Equal_plans_have_equal_keys_whenever_they_are_made()
    {
        var scene = TwoHosts().Dataset(1, "a/d", 1, 2).Dataset(2, "b/d", 1);
        var first = InstructionDraft.KeyOf(scene.Plan().Edges[0].Wanted!);
        scene.Clock = scene.Clock.AddHours(1);
        InstructionDraft.KeyOf(scene.Plan().Edges[0].Wanted!).ShouldBe(first);
        InstructionDraft.KeyOf(scene.Dataset(1, "a/d", 1, 2, 3).Plan().Edges[0].Wanted!).ShouldNotBe(first);
    }
}

using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Tests.Replication;

public class PartialReceiveTests
{
    [Fact, Trait("Scenario", "40")]
    public void A_wanted_partial_receive_is_finished_and_the_rest_planned_after_it()
    {
        var facts = Cut("@a,1 @b,2 @c,3 @d,4", "@a,1", TokenText.Of(2, "tank/data@b", fromGuid: 1));
        facts.Plan().Text().ShouldBe("-t tank/data@b");
        Edge.Plan("@a,1 @b,2 @c,3 @d,4", "@a,1 @b,2").Text().ShouldBe("-I @b @d");
    }

    [Fact, Trait("Scenario", "40")]
    public void A_first_receive_that_was_cut_is_finished() =>
        Cut("@a,1 @b,2", "", TokenText.Of(1, "tank/data@a"), written: 500_000_000)
            .Plan()
            .Text()
            .ShouldBe("-t tank/data@a");

    [Fact, Trait("Scenario", "46")]
    public void A_resumed_step_ends_with_the_snapshot_of_the_token_and_not_with_the_newest()
    {
        var decision = Cut("@a,1 @b,2 @c,3", "@a,1", TokenText.Of(2, "tank/data@b", fromGuid: 1)).Plan();
        decision.ShouldBeOfType<Resume>().Step.EndGuid.Value.ShouldBe(2UL);
    }

    [Fact, Trait("Scenario", "26")]
    public void The_rest_of_a_cut_receive_whose_name_is_taken_on_the_target_is_a_conflict()
    {
        var conflict = Cut("@a,1 @b,2 @c,3", "@c,9,1 @b,2", TokenText.Of(3, "tank/data@c", fromGuid: 2)).PlanConflict();
        conflict.Kind.ShouldBe(ConflictKind.NameClash);
        conflict.Repairs.ShouldContain(repair => repair.Kind == RepairKind.RenameTargetSnapshots);
    }

    [Fact]
    public void A_token_of_a_renamed_source_is_still_wanted_because_the_guid_counts() =>
        Cut("@a,1 @b,2", "@a,1", TokenText.Of(2, "tank/former@b", fromGuid: 1))
            .Plan()
            .Text()
            .ShouldBe("-t tank/former@b");

    [Fact]
    public void A_token_of_another_hosts_pool_cannot_be_resumed_here_and_is_aborted() =>
        Cut("@a,1 @b,2", "@a,1", TokenText.Of(2, "vault/data@b", fromGuid: 1))
            .Plan()
            .Text()
            .ShouldBe("abort Obsolete, -i @a @b");

    [Fact]
    public void A_resumed_increment_may_start_from_a_bookmark() =>
        Cut("#a,1 @b,2", "@a,1", TokenText.Of(2, "tank/data@b", fromGuid: 1)).Plan().Text().ShouldBe("-t tank/data@b");

    [Theory, Trait("Scenario", "41")]
    [InlineData("@a,1 @c,3", "abort Obsolete, -i @a @c")]
    [InlineData("@a,1", "abort Obsolete")]
    public void A_token_whose_snapshot_was_destroyed_is_aborted(string source, string plan) =>
        Cut(source, "@a,1", TokenText.Of(2, "tank/data@b", fromGuid: 1)).Plan().Text().ShouldBe(plan);

    [Fact, Trait("Scenario", "41")]
    public void A_first_receive_that_became_useless_is_aborted_and_begun_anew()
    {
        var facts = Cut("@b,2 @c,3", "", TokenText.Of(1, "tank/data@a"), written: 500_000_000);
        facts.Plan().Text().ShouldBe("abort Obsolete, full @b, -i @b @c");
        facts.Plan().ShouldBeOfType<Full>().OverwritesEmpty.ShouldBeFalse();
    }

    [Theory, Trait("Scenario", "41")]
    [InlineData("@b,2 @c,3", "@a,1")]
    [InlineData("@a,1 @b,2 @c,3", "@a,1 @b,2")]
    [InlineData("@a,1 @b,2 @c,3", "@a,1 @x,9")]
    public void A_token_whose_base_is_not_where_it_was_is_of_no_use(string source, string target) =>
        Judge(Cut(source, target, TokenText.Of(3, "tank/data@c", fromGuid: 1))).ShouldBe(TokenVerdict.Obsolete);

    [Theory, Trait("Scenario", "42")]
    [InlineData("@d1,1 @h1,2 @d2,3", "abort NotSelected, -i @d1 @d2")]
    [InlineData("@d1,1 @h1,2", "abort NotSelected")]
    public void A_token_for_a_snapshot_that_is_no_longer_selected_is_aborted(string source, string plan) =>
        Cut(source, "@d1,1", TokenText.Of(2, "tank/data@h1", fromGuid: 1)).Plan(Edge.Only("d*")).Text().ShouldBe(plan);

    [Fact, Trait("Scenario", "43")]
    public void A_token_and_no_snapshots_any_more_is_obsolete() =>
        Cut("", "@a,1", TokenText.Of(2, "tank/data@b", fromGuid: 1)).Plan().Text().ShouldBe("abort Obsolete");

    [Fact, Trait("Scenario", "44")]
    public void A_token_of_another_source_is_asked_about_and_not_used()
    {
        var facts = Cut("@a,1 @b,2", "@a,1", TokenText.Of(99, "pool/else@x", fromGuid: 98, bytes: 1 << 20));
        var conflict = facts.PlanConflict();
        conflict.Kind.ShouldBe(ConflictKind.ForeignPartialReceive);
        conflict.Evidence.Summary.ShouldContain("pool/else@x");
        conflict.Evidence.Summary.ShouldContain("1 MiB");
        conflict
            .Repairs.Select(r => r.Kind)
            .ShouldBe([RepairKind.ReRead, RepairKind.ByHand, RepairKind.AbortPartialReceive]);
        var approval = new Approval(RepairKind.AbortPartialReceive, new HashSet<SnapshotGuid>(), Edge.Now.AddHours(1));
        (facts with { Approvals = [approval] }).Plan().Text().ShouldBe("approved AbortPartialReceive");
    }

    [Fact, Trait("Scenario", "45")]
    public void A_raw_token_where_raw_is_not_wanted_and_the_reverse_are_planned_anew()
    {
        var encrypted = new DatasetEncryption(DatasetName.Parse("tank/data"), true);
        var facts = Cut("@a,1 @b,2", "", TokenText.Of(1, "tank/data@a", raw: true))
            .Source(s => s with { Encryption = encrypted });
        facts.Plan().Text().ShouldBe("-t tank/data@a");
        facts.Plan(EdgePolicy.Default with { Raw = false }).Text().ShouldBe("abort RawMismatch, full @a, -i @a @b");
        Cut("@a,1", "", TokenText.Of(1, "tank/data@a", raw: true)).Plan().Text().ShouldBe("abort RawMismatch, full @a");
    }

    [Fact, Trait("Scenario", "45")]
    public void A_raw_mismatch_over_an_existing_history_ends_in_the_reason()
    {
        var encrypted = new DatasetEncryption(DatasetName.Parse("tank/data"), true);
        var facts = Cut("@a,1 @b,2", "@a,1", TokenText.Of(2, "tank/data@b", fromGuid: 1))
            .Source(s => s with { Encryption = encrypted });
        facts.Plan().Text().ShouldBe("conflict RawHistoryMismatch");
    }

    [Fact, Trait("Scenario", "39")]
    public void The_token_of_a_plain_source_is_not_raw_even_where_the_flag_was_given() =>
        Cut("@a,1", "", TokenText.Of(1, "tank/data@a"))
            .Plan(EdgePolicy.Default with { Raw = true })
            .Text()
            .ShouldBe("-t tank/data@a");

    [Fact, Trait("Scenario", "47")]
    public void Without_permission_to_resume_the_partial_state_is_reset_and_all_is_sent() =>
        Cut("@a,1 @b,2", "@a,1", TokenText.Of(2, "tank/data@b", fromGuid: 1))
            .Plan(EdgePolicy.Default with { Resume = false })
            .Text()
            .ShouldBe("abort ResumeForbidden, -i @a @b");

    [Fact]
    public void A_token_that_cannot_be_read_is_aborted() =>
        Cut("@a,1 @b,2", "@a,1", "1-rubbish").Plan().Text().ShouldBe("abort Corrupt, -i @a @b");

    [Fact]
    public void A_partial_receive_of_a_snapshot_that_is_too_young_is_kept_until_it_is_old_enough()
    {
        var policy = EdgePolicy.Default with { MinAge = Edge.Now - SnapshotText.Epoch.AddHours(1) };
        Cut("@a,1 @b,2", "@a,1", TokenText.Of(2, "tank/data@b", fromGuid: 1))
            .Plan(policy)
            .Text()
            .ShouldBe("nothing YoungerThanMinAge");
    }

    [Fact]
    public void A_partial_increment_into_a_target_that_was_written_to_would_fail_at_its_end() =>
        Cut("@a,1 @b,2", "@a,1", TokenText.Of(2, "tank/data@b", fromGuid: 1), written: 4096)
            .Plan()
            .Text()
            .ShouldBe("conflict TargetModified");

    [Fact]
    public void A_repair_of_a_target_with_a_useless_partial_receive_aborts_it_first()
    {
        var facts = Cut("@a,1 @x,5", "@a,1 @y,2", TokenText.Of(5, "tank/data@x", fromGuid: 1));
        var approval = new Approval(RepairKind.Rollback, new HashSet<SnapshotGuid> { new(2) }, Edge.Now.AddHours(1));
        (facts with { Approvals = [approval] }).Plan().Text().ShouldBe("abort Obsolete, approved Rollback");
    }

    [Fact]
    public void A_resumed_stream_with_large_blocks_keeps_the_edge_at_large_blocks()
    {
        var facts = Cut("@a,1 @b,2", "@a,1", TokenText.Of(2, "tank/data@b", fromGuid: 1, large: true)) with
        {
            Pinned = SendFlags.Default with { LargeBlocks = false },
        };
        facts.Plan().ShouldBeOfType<Resume>().Flags.LargeBlocks.ShouldBeTrue();
    }

    private static TokenVerdict? Judge(EdgeFacts facts) =>
        PartialReceive.Judge(EdgeView.Of(facts, EdgePolicy.Default, facts.Source!, facts.Target))?.Verdict;

    private static EdgeFacts Cut(string source, string target, string token, ulong written = 0) =>
        Edge.Of(source, target).Target(t => t with { ReceiveResumeToken = token, WrittenBytes = written });
}

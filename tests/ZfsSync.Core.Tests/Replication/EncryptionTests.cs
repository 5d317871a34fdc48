using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Tests.Replication;

public class EncryptionTests
{
    private static readonly DatasetEncryption Loaded = new(DatasetName.Parse("tank/data"), true);
    private static readonly DatasetEncryption Unloaded = new(DatasetName.Parse("backup"), false);
    private static readonly EdgePolicy NotRaw = EdgePolicy.Default with { Raw = false };

    [Fact]
    public void An_encrypted_source_is_sent_raw_and_a_plain_one_not()
    {
        Flags(Edge.Of("@a,1", null).Source(Encrypted).Plan()).Raw.ShouldBeTrue();
        Flags(Edge.Of("@a,1", null).Plan()).Raw.ShouldBeFalse();
    }

    [Fact, Trait("Scenario", "34")]
    public void A_plain_stream_and_an_unrelated_encrypted_target_are_refused()
    {
        var conflict = Edge.Of("@a,1", "@z,9").Target(Encrypted).PlanConflict();
        conflict.Kind.ShouldBe(ConflictKind.EncryptionMismatch);
        Edge.Of("@a,1", "@z,9").Source(Encrypted).Plan().Text().ShouldBe("conflict EncryptionMismatch");
    }

    [Fact, Trait("Scenario", "35")]
    public void A_copy_that_must_be_encrypted_is_not_sent_below_a_plain_parent()
    {
        var policy = NotRaw with { RequireEncryptedTarget = true };
        var facts = Edge.Of("@a,1", null).Source(Encrypted);
        facts.Plan(policy).Text().ShouldBe("conflict EncryptionMismatch");
        (facts with { TargetParent = SnapshotText.Dataset("backup", "") })
            .Plan(policy)
            .Text()
            .ShouldBe("conflict EncryptionMismatch");
        (facts with { TargetParent = Encrypted(SnapshotText.Dataset("backup", "")) })
            .Plan(policy)
            .Text()
            .ShouldBe("full @a");
        facts.Plan(policy with { Raw = true }).Text().ShouldBe("full @a");
    }

    [Fact, Trait("Scenario", "36")]
    public void A_broken_raw_lineage_is_a_conflict_and_not_tried_again()
    {
        var facts = Edge.Of("@a,1 @b,2 @c,3", "@a,1 @b,2").Source(Encrypted).Target(Encrypted) with
        {
            IsRawLineageBroken = true,
        };
        var conflict = facts.PlanConflict();
        conflict.Kind.ShouldBe(ConflictKind.RawLineageBroken);
        conflict
            .Repairs.Select(r => r.Kind)
            .ShouldBe([RepairKind.ReRead, RepairKind.ReceiveBeside, RepairKind.Rollback, RepairKind.FullResend]);
        var older = conflict.Repairs.Single(r => r.Kind == RepairKind.Rollback);
        older.RollbackTo!.Label.ShouldBe("a");
        older.Destroys.ShouldHaveSingleItem().Label.ShouldBe("b");
    }

    [Fact, Trait("Scenario", "37")]
    public void Raw_is_not_continued_after_a_history_that_was_not()
    {
        var facts = Edge.Of("@a,1 @b,2", "@a,1").Source(Encrypted);
        facts.Plan().Text().ShouldBe("conflict RawHistoryMismatch");
        facts.Plan(NotRaw).Text().ShouldBe("-i @a @b");
        var pinned = facts.Target(Encrypted) with { Pinned = SendFlags.Default };
        pinned.Plan(EdgePolicy.Default with { Raw = true }).Text().ShouldBe("conflict RawHistoryMismatch");
        (pinned with { Pinned = SendFlags.Default with { Raw = true } })
            .Plan(NotRaw)
            .Text()
            .ShouldBe("conflict RawHistoryMismatch");
    }

    [Fact, Trait("Scenario", "37")]
    public void A_policy_that_leaves_raw_open_follows_the_history()
    {
        var facts = Edge.Of("@a,1 @b,2", "@a,1").Source(Encrypted) with { Pinned = SendFlags.Default };
        Flags(facts.Plan()).Raw.ShouldBeFalse();
    }

    [Fact]
    public void A_history_that_starts_again_is_free_to_be_raw()
    {
        var facts = Edge.Of("@a,1", null).Source(Encrypted) with { Pinned = SendFlags.Default };
        Flags(facts.Plan()).Raw.ShouldBeTrue();
        Flags((facts with { Pinned = SendFlags.Default with { Raw = true } }).Plan(NotRaw)).Raw.ShouldBeFalse();
    }

    [Theory, Trait("Scenario", "38")]
    [InlineData(true)]
    [InlineData(false)]
    public void The_large_block_flag_of_an_edge_never_changes(bool large)
    {
        var pinned = SendFlags.Default with { LargeBlocks = large, Embedded = large };
        Flags((Edge.Of("@a,1 @b,2", "@a,1") with { Pinned = pinned }).Plan()).ShouldBe(pinned);
        Flags((Edge.Of("@a,1 @b,2", null) with { Pinned = pinned }).Plan()).ShouldBe(pinned);
    }

    [Fact]
    public void A_history_of_unknown_format_is_continued_with_large_blocks_because_zfs_refuses_only_the_reverse() =>
        Flags(Edge.Plan("@a,1 @b,2", "@a,1")).LargeBlocks.ShouldBeTrue();

    [Fact, Trait("Scenario", "39")]
    public void A_plain_source_with_the_raw_flag_is_allowed()
    {
        Flags(Edge.Plan("@a,1", null, EdgePolicy.Default with { Raw = true })).Raw.ShouldBeTrue();
        Edge.Plan("@a,1 @b,2", "@a,1", EdgePolicy.Default with { Raw = true }).Text().ShouldBe("-i @a @b");
    }

    [Fact]
    public void Embedded_blocks_are_left_out_on_the_way_into_an_encrypted_dataset()
    {
        var parent = Encrypted(SnapshotText.Dataset("backup", ""));
        Flags((Edge.Of("@a,1", null) with { TargetParent = parent }).Plan()).Embedded.ShouldBeFalse();
        Flags(Edge.Of("@a,1", null).Source(Encrypted).Plan()).Embedded.ShouldBeFalse();
        Flags(Edge.Plan("@a,1", null)).Embedded.ShouldBeTrue();
    }

    [Fact]
    public void A_key_that_is_not_loaded_matters_to_streams_that_are_not_raw_only()
    {
        var locked = Edge.Of("@a,1", null).Source(s => s with { Encryption = Loaded with { IsKeyLoaded = false } });
        locked.Plan().Text().ShouldBe("full @a");
        locked.Plan(NotRaw).Text().ShouldBe("nothing SourceKeyNotLoaded");
        var parent = SnapshotText.Dataset("backup", "") with { Encryption = Unloaded };
        (Edge.Of("@a,1", null) with { TargetParent = parent }).Plan().Text().ShouldBe("nothing TargetKeyNotLoaded");
        Edge.Of("@a,1 @b,2", "@a,1")
            .Target(t => t with { Encryption = Unloaded })
            .Plan()
            .Text()
            .ShouldBe("nothing TargetKeyNotLoaded");
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public void An_empty_target_is_not_overwritten_where_zfs_would_refuse_it(bool sourceEncrypted, bool targetEncrypted)
    {
        var facts = Edge.Of("@a,1", "");
        if (sourceEncrypted)
            facts = facts.Source(Encrypted);
        if (targetEncrypted)
            facts = facts.Target(Encrypted);
        facts.Plan(EdgePolicy.Default with { AllowEmptyTarget = true }).Text().ShouldBe("conflict EncryptionMismatch");
    }

    [Fact]
    public void A_plain_placeholder_in_the_way_of_a_raw_copy_is_explained_and_nothing_destroys_it()
    {
        var facts = Edge.Of("@a,1", "").Source(Encrypted).Target(t => t with { IsPlaceholder = true });
        var conflict = facts.Plan().ShouldBeOfType<Conflict>();
        conflict.Kind.ShouldBe(ConflictKind.EncryptionMismatch);
        conflict.Evidence.Summary.ShouldContain("is a placeholder");
        conflict.Repairs.ShouldNotContain(r => r.Kind == RepairKind.FullResend);
        conflict.Repairs.ShouldContain(r => r.Kind == RepairKind.ByHand);
    }

    private static DatasetInventory Encrypted(DatasetInventory dataset) => dataset with { Encryption = Loaded };

    private static SendFlags Flags(ReplicationDecision decision) =>
        decision switch
        {
            Full d => d.Flags,
            Incremental d => d.Flags,
            _ => throw new InvalidOperationException(decision.ToString()),
        };
}

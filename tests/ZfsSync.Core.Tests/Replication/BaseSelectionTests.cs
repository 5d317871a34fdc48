using Shouldly;
using Xunit;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Tests.Replication;

public class BaseSelectionTests
{
    [Fact, Trait("Scenario", "01")]
    public void What_is_new_on_the_source_is_sent_from_the_newest_common_snapshot() =>
        Edge.Plan("@a,1 @b,2 @c,3 @d,4", "@a,1 @b,2").Text().ShouldBe("-I @b @d");

    [Fact, Trait("Scenario", "01")]
    public void A_single_new_snapshot_needs_no_range() => Edge.Plan("@a,1 @b,2", "@a,1").Text().ShouldBe("-i @a @b");

    [Fact, Trait("Scenario", "05")]
    public void A_snapshot_that_is_gone_from_the_source_before_the_base_is_harmless() =>
        Edge.Plan("@a,1 @c,3 @d,4", "@a,1 @b,2 @c,3").Text().ShouldBe("-i @c @d");

    [Fact, Trait("Scenario", "06")]
    public void Equal_histories_are_up_to_date() =>
        Edge.Plan("@a,1 @b,2", "@a,1 @b,2").Text().ShouldBe("up to date @b");

    [Fact, Trait("Scenario", "07")]
    public void Older_snapshots_that_the_target_lacks_do_not_matter() =>
        Edge.Plan("@a,1 @b,2 @c,3", "@c,3").Text().ShouldBe("up to date @c");

    [Theory, Trait("Scenario", "08"), Trait("Scenario", "09")]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("@a,1")]
    public void A_source_without_snapshots_is_said_and_not_taken_for_success(string? target) =>
        Edge.Plan("", target).Text().ShouldBe("nothing NoSourceSnapshots");

    [Fact]
    public void A_source_that_is_gone_is_said() =>
        Edge.Plan(null, "@a,1").Text().ShouldBe("nothing SourceDatasetMissing");

    [Fact, Trait("Scenario", "10")]
    public void A_bookmark_serves_as_the_base() => Edge.Plan("#a,1 @b,2", "@a,1").Text().ShouldBe("-i #a @b");

    [Fact, Trait("Scenario", "57"), Trait("Scenario", "76")]
    public void A_base_that_was_destroyed_after_its_bookmark_was_set_still_serves() =>
        Edge.Plan("@a,1 #edge,2 @c,3 @d,4 @e,5", "@a,1 @b,2").Text().ShouldBe("-i #edge @c, -I @c @e");

    [Fact, Trait("Scenario", "11")]
    public void A_bookmark_is_never_the_end_of_a_send() =>
        Edge.Plan("#a,1 #b,2 @c,3", "@a,1").Text().ShouldBe("-i #a @c");

    [Fact, Trait("Scenario", "12")]
    public void A_snapshot_is_preferred_over_a_bookmark_of_the_same_guid() =>
        Edge.Plan("#a,1 @a,1 @b,2 @c,3", "@a,1").Text().ShouldBe("-I @a @c");

    [Fact]
    public void A_newer_bookmark_is_preferred_over_an_older_snapshot() =>
        Edge.Plan("@a,1 #b,2 @c,3", "@a,1 @b,2").Text().ShouldBe("-i #b @c");

    [Fact, Trait("Scenario", "13")]
    public void Bookmarks_of_the_target_never_conflict() =>
        Edge.Plan("@a,1 @c,3", "@a,1 #b,2").Text().ShouldBe("-i @a @c");

    [Fact, Trait("Scenario", "23")]
    public void Creation_times_out_of_order_do_not_change_what_arrives()
    {
        var facts = Edge.Of("@a,1 @b,2 @c,3 @d,4", "@a,1")
            .Source(s =>
                s with
                {
                    Snapshots =
                    [
                        .. s.Snapshots.Select(x => x with { CreatedAt = Edge.Now.AddDays(-(double)x.CreateTxg) }),
                    ],
                }
            );
        facts.Plan().Text().ShouldBe("-I @a @d");
    }

    [Fact, Trait("Scenario", "24")]
    public void A_snapshot_called_zero_is_like_any_other() =>
        Edge.Plan("@0,1 @1,2", "@0,1").Text().ShouldBe("-i @0 @1");

    [Fact, Trait("Scenario", "27")]
    public void Newest_common_guid_wins_even_if_renamed() =>
        Edge.Plan("@new,1 @b,2", "@old,1").Text().ShouldBe("-i @new @b");

    [Fact, Trait("Scenario", "100")]
    public void Guids_above_2_to_the_63_are_compared_exactly() =>
        Edge.Plan("@a,18446744073709551615,1 @b,18446744073709551614,2", "@a,18446744073709551615,7")
            .ShouldBeOfType<Incremental>()
            .Steps[0]
            .EndGuid.ShouldBe(new SnapshotGuid(18446744073709551614));

    [Fact, Trait("Scenario", "105")]
    public void Labels_with_every_allowed_character_pass_unchanged()
    {
        var label = "a b:c.d-e_f" + new string('x', 200);
        var facts = Edge.Of("@a,1 @b,2", "@a,1")
            .Source(s => s with { Snapshots = [s.Snapshots[0], s.Snapshots[1] with { Label = label }] });
        facts.Plan().Text().ShouldBe($"-i @a @{label}");
    }

    [Fact]
    public void The_targets_own_order_decides_which_common_snapshot_is_newest() =>
        Edge.Plan("@a,1 @b,2 @c,3", "@a,1,500 @b,2,900").Text().ShouldBe("-i @b @c");

    [Fact]
    public void A_target_that_is_up_to_date_and_written_to_says_so() =>
        Edge.Of("@a,1", "@a,1")
            .Target(t => t with { WrittenBytes = 4096 })
            .Plan()
            .ShouldBeOfType<UpToDate>()
            .TargetWrittenBytes.ShouldBe(4096UL);
}

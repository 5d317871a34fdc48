using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Tests.Replication;

public class SnapshotFilterTests
{
    [Fact, Trait("Scenario", "15")]
    public void All_later_snapshots_are_sent() =>
        Edge.Plan("@17-45,1 @17-46,2 @17-47,3", "@17-45,1").Text().ShouldBe("-I @17-45 @17-47");

    [Fact, Trait("Scenario", "16")]
    public void Only_those_of_the_schedule_are_sent() =>
        Edge.Plan("@17-45,1 @17-46,2 @17-47,3", "@17-45,1", Edge.Only("*-?0", "*-?2", "*-?4", "*-?6", "*-?8"))
            .Text()
            .ShouldBe("-i @17-45 @17-46");

    [Fact, Trait("Scenario", "17")]
    public void Two_naming_schemes_share_one_history() =>
        Edge.Plan("@1w-a,1 @2d-a,2 @1w-b,3 @2d-b,4", "@1w-a,1 @2d-a,2", Edge.Only("1w-*", "2d-*"))
            .Text()
            .ShouldBe("-I @2d-a @2d-b");

    [Fact, Trait("Scenario", "18")]
    public void What_the_targets_retention_deleted_is_not_sent_again() =>
        Edge.Plan("@a,1 @b,2 @c,3 @d,4", "@a,1 @c,3").Text().ShouldBe("-i @c @d");

    [Fact, Trait("Scenario", "19")]
    public void An_excluded_snapshot_splits_the_range_and_never_arrives() =>
        Edge.Plan("@d1,1 @h1,2 @d2,3 @d3,4 @d4,5", "@d1,1", Edge.Only("d*")).Text().ShouldBe("-i @d1 @d2, -I @d2 @d4");

    [Fact, Trait("Scenario", "20")]
    public void Excluded_snapshots_between_wanted_ones_are_jumped_over() =>
        Edge.Plan("@h0,1 @h1,2 @d1,3 @d2,4 @h2,5 @d3,6 @d4,7", "@h0,1", Edge.Only("d*"))
            .Text()
            .ShouldBe("-i @h0 @d1, -i @d1 @d2, -i @d2 @d3, -i @d3 @d4");

    [Fact, Trait("Scenario", "20")]
    public void A_run_right_after_an_excluded_base_is_one_range() =>
        Edge.Plan("@h0,1 @d1,2 @d2,3 @d3,4", "@h0,1", Edge.Only("d*")).Text().ShouldBe("-I @h0 @d3");

    [Fact, Trait("Scenario", "21")]
    public void A_bookmark_base_starts_with_a_single_increment() =>
        Edge.Plan("#h0,1 @h1,2 @d1,3 @d2,4 @d3,5", "@h0,1", Edge.Only("d*")).Text().ShouldBe("-i #h0 @d1, -I @d1 @d3");

    [Fact, Trait("Scenario", "22")]
    public void An_excluded_common_snapshot_is_a_base_and_is_not_sent()
    {
        Edge.Plan("@d1,1 @h1,2 @d2,3", "@d1,1 @h1,2", Edge.Only("d*")).Text().ShouldBe("-i @h1 @d2");
        Edge.Plan("@d1,1 @h1,2 @d2,3", null, Edge.Only("d*")).Text().ShouldBe("full @d1, -i @d1 @d2");
    }

    [Fact]
    public void A_target_past_the_last_wanted_snapshot_is_up_to_date() =>
        Edge.Plan("@d1,1 @h1,2 @h2,3", "@h1,2", Edge.Only("d*")).Text().ShouldBe("up to date @h1");

    [Fact]
    public void A_selection_that_wants_nothing_is_said() =>
        Edge.Plan("@a,1", null, Edge.Only("daily*")).Text().ShouldBe("nothing NoSelectedSnapshots");

    [Fact]
    public void An_exclusion_wins_over_an_inclusion()
    {
        var policy = EdgePolicy.Default with { Snapshots = new SnapshotSelection(["a*"], ["*-tmp"]) };
        Edge.Plan("@a1,1 @a2-tmp,2 @a3,3", "@a1,1", policy).Text().ShouldBe("-i @a1 @a3");
    }

    [Fact]
    public void A_minimum_age_holds_back_the_young_ones()
    {
        var policy = EdgePolicy.Default with { MinAge = Edge.Now - SnapshotText.Epoch.AddHours(2) };
        Edge.Plan("@a,1 @b,2 @c,3", "@a,1", policy).Text().ShouldBe("-i @a @b");
        Edge.Plan("@b,2 @c,3", "@b,2", policy).Text().ShouldBe("nothing YoungerThanMinAge");
        Edge.Plan("@c,3", null, policy).Text().ShouldBe("nothing YoungerThanMinAge");
    }

    [Fact]
    public void A_snapshot_from_the_future_is_not_held_back_for_its_age()
    {
        var facts = Edge.Of("@a,1 @b,2", "@a,1") with { Now = SnapshotText.Epoch.AddDays(-30) };
        facts.Plan(EdgePolicy.Default with { MinAge = TimeSpan.FromMinutes(2) }).Text().ShouldBe("-i @a @b");
    }

    [Fact, Trait("Scenario", "23")]
    public void A_wrong_clock_in_the_middle_of_the_history_holds_nothing_back()
    {
        var facts = Edge.Of("@a,1 @b,2 @c,3", "@a,1")
            .Source(s =>
                s with
                {
                    Snapshots =
                    [
                        s.Snapshots[0],
                        s.Snapshots[1] with
                        {
                            CreatedAt = Edge.Now.AddYears(10),
                        },
                        s.Snapshots[2],
                    ],
                }
            );
        facts.Plan(EdgePolicy.Default with { MinAge = TimeSpan.FromDays(1) }).Text().ShouldBe("-I @a @c");
    }

    [Fact]
    public void A_snapshot_of_unknown_age_waits_when_there_is_a_minimum() =>
        Edge.Of("@a,1 @b,2", "@a,1")
            .Source(s => s with { Snapshots = [.. s.Snapshots.Select(x => x with { CreatedAt = null })] })
            .Plan(EdgePolicy.Default with { MinAge = TimeSpan.FromHours(1) })
            .Text()
            .ShouldBe("nothing YoungerThanMinAge");

    [Fact]
    public void A_minimum_gap_collects_small_increments()
    {
        var policy = EdgePolicy.Default with { MinGap = TimeSpan.FromHours(5) };
        Edge.Plan("@a,1 @b,2 @c,5", "@a,1", policy).Text().ShouldBe("nothing WithinMinGap");
        Edge.Plan("@a,1 @b,2 @c,6", "@a,1", policy).Text().ShouldBe("-I @a @c");
    }

    [Fact]
    public void The_worked_example_of_the_earlier_witness_gives_its_documented_result()
    {
        var now = new DateTimeOffset(2025, 12, 4, 9, 13, 30, TimeSpan.Zero);
        var first = new DateTimeOffset(2025, 10, 30, 0, 0, 0, TimeSpan.Zero);
        var facts = Edge.Of("", "");
        var snapshots = Enumerable
            .Range(0, 70)
            .Select(i => SnapshotText.Snapshot($"@s{i},{i + 1}") with { CreatedAt = first.AddHours(12 * i) })
            .ToList();
        facts = facts
            .Source(s => s with { Snapshots = snapshots })
            .Target(t => t with { Snapshots = [snapshots[0]] }) with
        {
            Now = now,
        };
        var policy = EdgePolicy.Default with { MinAge = TimeSpan.FromHours(72) };
        var steps = facts.Plan(policy).ShouldBeOfType<Incremental>().Steps;
        steps[^1]
            .ShouldBeOfType<SendStep.Range>()
            .Arriving[^1]
            .CreatedAt.ShouldBe(new DateTimeOffset(2025, 12, 1, 0, 0, 0, TimeSpan.Zero));
    }
}

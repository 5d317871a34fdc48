using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Tests.Replication;

public class EngineLimitsTests
{
    private static readonly EdgePolicy Syncoid = EdgePolicy.Default with { Engine = TransferEngine.Syncoid };

    [Theory]
    [InlineData("@a,1 @b,2 @c,3", null, "full @a, -I @a @c")]
    [InlineData("@a,1 @b,2 @c,3", "@a,1", "-I @a @c")]
    [InlineData("#a,1 @b,2 @c,3", "@a,1", "-i #a @b, -i @b @c")]
    [InlineData("@a,1 @b,2", "@a,1 @b,2", "up to date @b")]
    public void What_syncoid_does_the_same_way_is_planned_alike(string source, string? target, string plan) =>
        Edge.Plan(source, target, Syncoid).Text().ShouldBe(plan);

    [Fact]
    public void A_selection_is_a_reason_even_when_it_wants_everything_now()
    {
        Edge.Plan("@d1,1 @d2,2", "@d1,1", Edge.Only("d*") with { Engine = TransferEngine.Syncoid })
            .ShouldBeOfType<Nothing>()
            .Reason.ShouldBe(ReasonCode.EngineSendsEverything);
        Edge.Plan("@d1,1 @d2,2", "@d1,1", Syncoid with { Snapshots = new([], ["h*"]) })
            .Text()
            .ShouldBe("nothing EngineSendsEverything");
    }

    [Fact]
    public void A_minimum_age_is_a_reason() =>
        Edge.Plan("@a,1 @b,2", "@a,1", Syncoid with { MinAge = TimeSpan.FromMinutes(5) })
            .ShouldBeOfType<Nothing>()
            .Detail.ShouldContain("set the group's engine to native");

    [Fact]
    public void A_base_with_another_name_on_the_target_is_a_reason()
    {
        var facts = Edge.Of("@a,1 @b,2 @c,3", "@a,1 @b,2")
            .Target(d => d with { Snapshots = [d.Snapshots[0], d.Snapshots[1] with { Label = "renamed" }] });
        facts.Plan().Text().ShouldBe("-i @b @c");
        var refused = facts.Plan(Syncoid).ShouldBeOfType<Nothing>();
        refused.Reason.ShouldBe(ReasonCode.EngineFindsAnotherBase);
        refused.Detail.ShouldContain("would start from @a");
    }

    [Fact]
    public void A_bookmark_newer_than_a_common_snapshot_is_a_reason()
    {
        Edge.Plan("@a,1 #b,2 @c,3", "@a,1 @b,2").Text().ShouldBe("-i #b @c");
        Edge.Plan("@a,1 #b,2 @c,3", "@a,1 @b,2", Syncoid).Text().ShouldBe("nothing EngineFindsAnotherBase");
    }

    [Fact]
    public void A_clock_that_was_set_back_is_a_reason()
    {
        var facts = Edge.Of("@a,1 @b,2 @c,3", "@a,1")
            .Source(d =>
                d with
                {
                    Snapshots =
                    [
                        d.Snapshots[0],
                        d.Snapshots[1],
                        d.Snapshots[2] with
                        {
                            CreatedAt = d.Snapshots[1].CreatedAt!.Value.AddMinutes(-1),
                        },
                    ],
                }
            );
        facts.Plan().Text().ShouldBe("-I @a @c");
        facts.Plan(Syncoid).Text().ShouldBe("nothing EngineOrdersByTime");
    }

    [Fact]
    public void An_empty_target_that_exists_is_a_reason()
    {
        var facts = Edge.Of("@a,1 @b,2", "");
        facts.Plan(EdgePolicy.Default with { AllowEmptyTarget = true }).Text().ShouldStartWith("full");
        facts.Plan(Syncoid with { AllowEmptyTarget = true }).Text().ShouldBe("nothing EngineNeedsNewTarget");
    }

    [Fact]
    public void Conflicts_stay_what_they_are() =>
        Edge.Plan("@a,1 @b,2", "@a,1 @x,9", Syncoid).Text().ShouldBe(Edge.Plan("@a,1 @b,2", "@a,1 @x,9").Text());
}

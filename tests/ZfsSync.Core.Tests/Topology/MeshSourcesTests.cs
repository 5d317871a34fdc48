using Shouldly;
using Xunit;
using ZfsSync.Core.Snapshots;
using ZfsSync.Core.Tests.Replication;
using ZfsSync.Core.Topology;

namespace ZfsSync.Core.Tests.Topology;

public class MeshSourcesTests
{
    [Fact]
    public void Whoever_brings_a_target_furthest_gives() =>
        Choose(Target(Offer(0, "@a,1 @b,2"), Offer(1, "@a,1 @b,2 @c,3"))).ShouldBe([1]);

    [Fact]
    public void Furthest_is_told_by_histories_and_not_by_clocks()
    {
        var wrongClock = new MeshOffer(0, SnapshotText.Snapshot("@b,2") with { CreatedAt = Edge.Now.AddYears(10) }, 1)
        {
            History = SnapshotText.Dataset("tank", "@a,1 @b,2").Snapshots,
        };
        Choose(Target(wrongClock, Offer(1, "@a,1 @b,2 @c,3"))).ShouldBe([1]);
    }

    [Fact]
    public void A_giver_with_thinner_retention_leaves_holes_and_comes_second() =>
        Choose(Target(Offer(0, "@a,1 @c,3", arriving: 1), Offer(1, "@a,1 @b,2 @c,3", arriving: 2))).ShouldBe([1]);

    [Fact]
    public void A_host_that_has_it_already_relieves_the_first()
    {
        var b = new MeshTarget([]) { Settled = 0 };
        Choose(b, Target(Offer(0, "@a,1 @b,2"), Offer(1, "@a,1 @b,2"))).ShouldBe([null, 1]);
    }

    [Fact]
    public void The_same_host_is_nearest_whatever_it_gives_already()
    {
        var settled = new MeshTarget([]) { Settled = 1 };
        Choose(settled, Target(Offer(0, "@a,1"), Offer(1, "@a,1") with { IsSameHost = true })).ShouldBe([null, 1]);
    }

    [Fact]
    public void Among_equals_the_order_of_the_members_decides() =>
        Choose(Target(Offer(3, "@a,1"), Offer(1, "@a,1"))).ShouldBe([0]);

    [Fact]
    public void A_split_brain_among_givers_is_no_reason_to_fail() =>
        Choose(Target(Offer(0, "@a,1 @x,5"), Offer(1, "@a,1 @y,3"))).ShouldBe([0]);

    [Fact]
    public void Histories_that_contradict_each_other_are_no_reason_to_fail() =>
        Choose(Target(Offer(0, "@a,1 @b,2"), Offer(1, "@b,2 @a,1"))).ShouldHaveSingleItem().ShouldNotBeNull();

    [Fact]
    public void Ends_without_guids_are_compared_by_their_times()
    {
        static MeshOffer Guidless(int giver, int hour) =>
            new(giver, new Snapshot(SnapshotGuid.Unknown, $"h{hour}", 0) { CreatedAt = Edge.Now.AddHours(hour) }, 1)
            {
                History = [],
            };
        Choose(Target(Guidless(0, 1), Guidless(1, 2))).ShouldBe([1]);
    }

    [Fact]
    public void An_offer_that_brings_something_is_preferred_over_a_repair() =>
        Choose(Target(new MeshOffer(0, null, 0) { History = [] }, Offer(1, "@a,1"))).ShouldBe([1]);

    [Fact]
    public void A_target_without_offers_has_no_source() => Choose(new MeshTarget([])).ShouldBe([null]);

    private static IReadOnlyList<int?> Choose(params MeshTarget[] targets) => MeshSources.Choose(targets);

    private static MeshTarget Target(params MeshOffer[] offers) => new(offers);

    private static MeshOffer Offer(int giver, string history, int arriving = 1)
    {
        IReadOnlyList<Snapshot> snapshots = SnapshotText.Dataset("tank", history).Snapshots;
        return new MeshOffer(giver, snapshots[^1], arriving) { History = snapshots };
    }
}

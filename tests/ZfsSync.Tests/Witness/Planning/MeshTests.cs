using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Witness.Features.Planning;

namespace ZfsSync.Tests.Witness.Planning;

public sealed class MeshTests
{
    private static PlanningScene ThreeHosts() =>
        new PlanningScene().Host(1, "a").Host(2, "b").Host(3, "c").Members(GroupMode.Mesh, 1, 2, 3);

    private static IEnumerable<string> Edges(UnitPlan plan) =>
        plan.Edges.Select(e => $"{e.Row.SourceDataset[..1]}>{e.Row.TargetDataset[..1]}");

    [Fact]
    public void A_host_that_is_behind_gets_it_from_the_one_that_gives_least()
    {
        var plan = ThreeHosts().Dataset(1, "a/d", 1, 2).Dataset(2, "b/d", 1, 2).Dataset(3, "c/d", 1).Plan();
        Edges(plan).ShouldBe(["a>b", "b>c"]);
        plan.Edges[0].Row.State.ShouldBe(EdgeState.InSync);
        plan.Edges[1].Wanted.ShouldNotBeNull();
    }

    [Fact]
    public void The_source_that_brings_furthest_wins() =>
        Edges(ThreeHosts().Dataset(1, "a/d", 1, 2, 3).Dataset(2, "b/d", 1, 2).Dataset(3, "c/d", 1).Plan())
            .ShouldBe(["a>b", "a>c"]);

    [Fact]
    public void A_host_that_is_ahead_is_in_no_conflict_with_those_behind_it() =>
        ThreeHosts()
            .Dataset(1, "a/d", 1)
            .Dataset(2, "b/d", 1, 2)
            .Dataset(3, "c/d", 1)
            .Plan()
            .Edges.ShouldAllBe(e => e.Row.SourceDataset == "b/d" && e.Wanted != null);

    [Fact]
    [Trait("Scenario", "104")]
    public void Two_hosts_that_both_wrote_after_the_last_common_snapshot_block_each_other()
    {
        var scene = new PlanningScene().Host(1, "a").Host(2, "b").Members(GroupMode.Mesh, 1, 2);
        var plan = scene.Dataset(1, "a/d", 1, 2).Dataset(2, "b/d", 1, 3).Plan();
        Edges(plan).ShouldBe(["a>b", "b>a"], ignoreOrder: true);
        plan.Edges.ShouldAllBe(e => e.Row.State == EdgeState.Conflict && e.Row.Conflict == ConflictKind.Diverged);
        plan.Edges.ShouldAllBe(e => e.Wanted == null);
    }

    [Theory]
    [InlineData(RepairKind.FullResend)]
    [InlineData(RepairKind.ReceiveBeside)]
    public void The_place_that_an_approved_repair_made_is_filled_by_the_source_it_was_approved_for(RepairKind kind)
    {
        // Unrelated to b, and c has what b has: of b and c either could fill the place, and c is further than a.
        var scene = ThreeHosts().Dataset(1, "a/d", 1).Dataset(2, "b/d", 2, 3).Dataset(3, "c/d", 2, 3);
        var conflict = scene.Plan().Edges.Single(e => e.Row.SourceDataset == "a/d" && e.Row.TargetDataset == "b/d");
        var destroys = conflict.Row.View.Repairs.Single(r => r.Kind == kind).Destroys.ToHashSet();
        scene.After(scene.Plan()).Approve(conflict.Row.Id, new Approval(kind, destroys, PlanningScene.Now.AddHours(1)));
        scene.After(scene.Plan(), InstructionState.Done);

        scene.Clock = PlanningScene.Now.AddMinutes(5);
        var made = scene.Host(2, "b").Without(2, "b/d").Plan();
        Edges(made).ShouldContain("a>b");
        made.Edges.Single(e => e.Row.Id == conflict.Row.Id).Wanted!.Kind.ShouldBe(InstructionKind.Replicate);

        scene.Proven(made);
        Edges(scene.Plan()).ShouldContain("a>b", "until something has been sent");
        scene.Host(1, "a", h => h with { Standing = h.Standing with { Silence = TimeSpan.FromHours(1) } });
        Edges(scene.Dataset(1, "a/d", 1).Plan()).ShouldContain("a>b", "also while it is away");
    }

    [Fact]
    public void A_target_in_which_files_were_found_is_a_conflict_whichever_host_could_send()
    {
        var scene = ThreeHosts().Policy(new GroupPolicy { AllowEmptyTarget = true });
        scene.Dataset(1, "a/d", 1).Dataset(2, "b/d").Dataset(3, "c/d", 1);
        var first = scene.Plan().Edges.Single(e => e.Row.TargetDataset == "b/d");
        scene.Row(first.Row with { TargetHasFiles = true });

        var again = scene.Plan().Edges.Single(e => e.Row.TargetDataset == "b/d");

        again.Row.Id.ShouldBe(first.Row.Id);
        again.Row.Conflict.ShouldBe(ConflictKind.TargetHasData);
    }

    [Fact]
    public void A_copy_that_was_put_aside_is_not_copied_on()
    {
        var aside = ThreeHosts();
        aside.Logical = "d-aside-0123abcd";
        aside.Dataset(2, "b/d-aside-0123abcd", 1, 2).Plan().Edges.ShouldBeEmpty();
        aside.Members(GroupMode.Chain, 1, 2, 3).Plan().Edges.ShouldBeEmpty();
        // Nothing is put aside where nothing is received, so there it is a name like any other.
        var hub = aside.Members(GroupMode.Hub, 2, 1).Plan();
        hub.Edges.ShouldHaveSingleItem().Row.TargetDataset.ShouldBe("a/d-aside-0123abcd");
    }

    [Fact]
    public void A_new_target_changes_no_other_edge()
    {
        var scene = ThreeHosts().Dataset(1, "a/d", 1, 2).Dataset(2, "b/d", 1);
        var before = scene.Members(GroupMode.Mesh, 1, 2).Plan();
        var after = scene.After(before).Members(GroupMode.Mesh, 1, 2, 3).Plan();
        after.Edges.Select(e => e.Row.Id).ShouldContain(before.Edges[0].Row.Id);
        after.Gone.ShouldBeEmpty();
    }

    [Fact]
    public void A_new_target_takes_no_source_away_from_the_first_member()
    {
        var scene = ThreeHosts().Host(4, "e").Dataset(1, "a/d", 1).Dataset(2, "b/d", 1, 2).Dataset(3, "c/d", 1, 2);
        var before = Edges(scene.Plan()).ToList();
        Edges(scene.Members(GroupMode.Mesh, 1, 2, 3, 4).Plan()).Where(e => !e.EndsWith('e')).ShouldBe(before);
    }

    [Fact]
    public void Hosts_in_sync_keep_the_edges_they_had()
    {
        var scene = ThreeHosts().Dataset(1, "a/d", 1, 2).Dataset(2, "b/d", 1).Dataset(3, "c/d", 1, 2);
        var behind = scene.Plan();
        scene.After(behind).Dataset(2, "b/d", 1, 2);
        Edges(scene.Plan()).ShouldBe(Edges(behind), ignoreOrder: true);
    }
}

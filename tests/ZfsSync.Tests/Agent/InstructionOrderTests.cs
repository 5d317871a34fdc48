using Shouldly;
using Xunit;
using ZfsSync.Agent;
using ZfsSync.Agent.Work;
using ZfsSync.Contracts.Instructions;

namespace ZfsSync.Tests.Agent;

public sealed class InstructionOrderTests
{
    [Fact]
    public void Parents_go_before_children_and_children_wait_for_them()
    {
        Choose([To("b/x/y"), To("b/x"), To("b/z")]).ShouldBe(["b/x", "b/z"]);
        Choose([To("b/x/y")], running: [To("b/x")]).ShouldBeEmpty();
        Choose([To("b/x/y")]).ShouldBe(["b/x/y"]);
    }

    [Fact]
    public void Increments_of_parent_and_child_need_nothing_of_each_other()
    {
        var (parent, child) = (To("b/x") with { AddsToCopy = true }, To("b/x/y") with { AddsToCopy = true });
        Choose([child, parent]).ShouldBe(["b/x", "b/x/y"]);
        Choose([child], running: [parent]).ShouldBe(["b/x/y"]);
        Choose([child], running: [parent with { AddsToCopy = false }]).ShouldBeEmpty("it may be moved or made anew");
    }

    [Fact, Trait("Scenario", "55")]
    public void Children_of_a_parent_that_failed_are_not_attempted() =>
        InstructionOrder
            .Choose([To("b/x/y"), To("b/other")], [], ["b/x"], Limits())
            .ShouldHaveSingleItem()
            .TargetDataset.ShouldBe("b/other");

    [Fact]
    public void A_name_that_only_starts_alike_is_no_child() =>
        Choose([To("b/xy")], running: [To("b/x")]).ShouldBe(["b/xy"]);

    [Fact]
    public void Small_transfers_go_first() =>
        Choose([To("b/big", bytes: 900), To("b/unknown"), To("b/small", bytes: 1)])
            .ShouldBe(["b/small", "b/big", "b/unknown"]);

    [Fact]
    public void The_limit_of_the_host_counts_what_runs() =>
        Choose([To("b/1"), To("b/2"), To("b/3")], running: [To("c/0")], maxTransfers: 3).ShouldBe(["b/1", "b/2"]);

    [Fact]
    public void The_limit_of_a_pool_leaves_other_pools_free() =>
        Choose([To("b/1"), To("b/2"), To("c/1")], maxPerPool: 1).ShouldBe(["b/1"]);

    [Fact]
    public void Three_small_ones_share_the_slot_of_a_large_one()
    {
        InstructionSummary[] small = [.. Enumerable.Range(1, 4).Select(i => To($"b/{i}", bytes: 100))];
        Choose(small, maxPerPool: 1).ShouldBe(["b/1", "b/2", "b/3"]);
        Choose(small, running: [To("b/big", bytes: 101)], maxPerPool: 1).ShouldBeEmpty();
        Choose(small, running: [To("b/big", bytes: 101)], maxTransfers: 2).ShouldBe(["b/1", "b/2", "b/3"]);
    }

    [Fact]
    public void A_large_one_needs_a_slot_that_no_small_one_is_in() =>
        Choose([To("b/big", bytes: 101), To("b/unknown")], running: [To("b/0", bytes: 1)], maxPerPool: 2)
            .ShouldBe(["b/big"]);

    [Fact]
    public void Transfers_between_other_pools_are_not_held_up() =>
        Choose([To("b/1", from: "p"), To("b/2", from: "p"), To("c/1", from: "q")], maxPerPool: 1)
            .ShouldBe(["b/1", "c/1"]);

    [Fact, Trait("Scenario", "59")]
    public void One_edge_never_runs_twice_at_once()
    {
        var one = To("b/x");
        Choose([one with { InstructionId = Guid.NewGuid() }], running: [one]).ShouldBeEmpty();
        Choose([one, one with { InstructionId = Guid.NewGuid() }]).Count.ShouldBe(1);
    }

    [Fact]
    public void The_order_of_the_list_does_not_matter()
    {
        InstructionSummary[] some = [To("b/1", bytes: 5), To("b/2", bytes: 5), To("b/1/x"), To("b/3")];
        Choose(some).ShouldBe(Choose([.. some.Reverse()]));
    }

    private static List<string> Choose(
        IReadOnlyCollection<InstructionSummary> waiting,
        IReadOnlyCollection<InstructionSummary>? running = null,
        int maxTransfers = 10,
        int maxPerPool = 10
    ) =>
        [
            .. InstructionOrder
                .Choose(waiting, running ?? [], [], Limits(maxTransfers, maxPerPool))
                .Select(one => one.TargetDataset),
        ];

    private static AgentOptions Limits(int maxTransfers = 10, int maxPerPool = 10) =>
        new()
        {
            Witness = new Uri("http://witness"),
            DataDirectory = "/",
            MaxTransfers = maxTransfers,
            MaxTransfersPerPool = maxPerPool,
            SmallTransfersPerSlot = 3,
            SmallTransferBytes = 100,
        };

    private static InstructionSummary To(string target, ulong? bytes = null, string from = "a") =>
        new(Guid.NewGuid(), $"edge of {target}", target[2..], $"{from}/{target[2..]}", target, bytes);
}

using Shouldly;
using Xunit;
using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Replication;

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>Stories that once ended badly, at their shortest; and two that a fleet must know by name.</summary>
public sealed class FaultRegressionTests
{
    [Fact]
    public void A_copy_put_aside_is_not_offered_as_a_rename_and_put_back() =>
        ShouldEndWell(
            Story(FaultTopology.Hub, 2, 1) with
            {
                HasRoots = true,
                Events = [new(FaultKind.Round, 6, 51, 452), new(FaultKind.RollBack, 6, 10, 108)],
            },
            seed: 152
        );

    [Fact]
    public void What_was_written_to_a_placeholder_is_not_overwritten() =>
        ShouldEndWell(
            Story(FaultTopology.TwoPools, 1, 3) with
            {
                HasRoots = true,
                Events =
                [
                    new(FaultKind.Round, 4, 13, 231),
                    new(FaultKind.Write, 3, 4, 996),
                    new(FaultKind.Snapshot, 7, 28, 117),
                ],
            },
            seed: 211
        );

    [Fact]
    public void A_placeholder_that_was_filled_is_none_any_more() =>
        ShouldEndWell(
            Story(FaultTopology.Chain, 2, 3) with
            {
                Policy = new GroupPolicy { Direction = TransferDirection.Push },
                Events =
                [
                    new(FaultKind.Round, 1, 24, 359),
                    new(FaultKind.HoldSnapshot, 7, 46, 257),
                    new(FaultKind.Snapshot, 7, 12, 62),
                    new(FaultKind.Round, 5, 42, 491),
                    new(FaultKind.DestroyDataset, 3, 44, 443),
                ],
            },
            seed: 1276
        );

    [Fact]
    public void A_receive_that_was_cut_is_not_resumed_from_a_pool_of_another_name() =>
        ShouldEndWell(
            Story(FaultTopology.Mesh, 3, 2) with
            {
                Events =
                [
                    new(FaultKind.FillDisk, 7, 61, 873),
                    new(FaultKind.FillDisk, 5, 11, 838),
                    new(FaultKind.Round, 3, 46, 825),
                ],
            },
            seed: 419
        );

    [Fact]
    public void The_place_that_a_repair_made_is_not_taken_by_a_third_host() =>
        ShouldEndWell(
            Story(FaultTopology.Mesh, 3, 1) with
            {
                Policy = new GroupPolicy { Direction = TransferDirection.Push, Initial = InitialSend.NewestOnly },
                Events =
                [
                    new(FaultKind.Round, 7, 63, 138),
                    new(FaultKind.Snapshot, 4, 40, 48),
                    new(FaultKind.Snapshot, 0, 26, 140),
                    new(FaultKind.HoldSnapshot, 0, 62, 381),
                ],
            },
            seed: 2042
        );

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_witness_whose_clock_was_put_back_waits_for_nothing(int seed) =>
        ShouldEndWell(
            Story(FaultTopology.Hub, 2, 2) with
            {
                Events =
                [
                    new(FaultKind.SkewWitnessClock, 0, 0, 0),
                    new(FaultKind.KillReceiver, 0, 0, 100),
                    new(FaultKind.Round, 0, 0, 0),
                    new(FaultKind.CutStream, 0, 0, 50),
                    new(FaultKind.KillAgent, 1, 30, 0),
                    new(FaultKind.Round, 0, 0, 0),
                    new(FaultKind.SkewWitnessClock, 0, 6, 0),
                ],
            },
            seed
        );

    [Fact]
    public void Snapshots_of_a_host_whose_clock_is_a_month_ahead_are_sent() =>
        ShouldEndWell(
            Story(FaultTopology.Hub, 2, 1) with
            {
                Policy = new GroupPolicy { MinAgeSeconds = 120 },
                Events =
                [
                    new(FaultKind.SkewHostClock, 0, 0, 0),
                    new(FaultKind.Snapshot, 0, 1, 1),
                    new(FaultKind.Round, 0, 0, 0),
                ],
            },
            seed: 404
        );

    [Fact]
    public void A_mesh_with_two_histories_comes_to_one_when_a_person_says_which_host_is_right() =>
        ShouldEndWell(
            Story(FaultTopology.Mesh, 3, 1) with
            {
                Policy = new GroupPolicy { Resume = false },
                Events =
                [
                    new(FaultKind.Round, 3, 58, 223),
                    new(FaultKind.Round, 5, 30, 372),
                    new(FaultKind.Snapshot, 5, 47, 211),
                    new(FaultKind.Snapshot, 5, 29, 248),
                ],
            },
            seed: 132
        );

    [Fact]
    public void What_was_destroyed_on_an_old_release_is_not_called_in_sync() =>
        ShouldEndWell(
            Story(FaultTopology.Mesh, 2, 2) with
            {
                Policy = new GroupPolicy { MinAgeSeconds = 120 },
                Events =
                [
                    new(FaultKind.Round, 6, 1, 790),
                    new(FaultKind.Round, 7, 21, 641),
                    new(FaultKind.Round, 7, 54, 210),
                    new(FaultKind.Snapshot, 6, 10, 622),
                    new(FaultKind.Snapshot, 5, 62, 896),
                    new(FaultKind.Round, 0, 20, 616),
                    new(FaultKind.Round, 0, 34, 848),
                    new(FaultKind.Advance, 5, 6, 400),
                    new(FaultKind.DestroySnapshot, 3, 33, 117),
                    new(FaultKind.Round, 2, 24, 466),
                ],
            },
            seed: 243
        );

    /// <summary>Each ended badly once; docs/reliability.md says why.</summary>
    [Theory]
    [InlineData(7607)]
    [InlineData(8103)]
    [InlineData(12049)]
    [InlineData(17694)]
    [InlineData(18570)]
    [InlineData(19171)]
    [InlineData(22015)]
    [InlineData(31224)]
    [InlineData(42540)]
    [InlineData(53745)]
    [InlineData(55112)]
    [InlineData(56072)]
    [InlineData(58121)]
    [InlineData(59609)]
    [InlineData(65487)]
    [InlineData(65599)]
    [InlineData(76761)]
    [InlineData(81171)]
    [InlineData(82276)]
    public void Found_among_a_hundred_thousand(int seed) =>
        StoryThread.Tell(() => FaultFleet.TellAsync(FaultGenerator.Of(seed), new FaultStatistics())).ShouldBeEmpty();

    [Theory, Trait("Scenario", "59")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_runners_with_one_identity_one_gets_the_lease(bool sameAgentId)
    {
        await using var world = await InTheMiddleAsync();
        world.StartTwin("h1", sameAgentId);
        var twin = world.Agents[^1];
        await twin.ReportAsync();
        await twin.WorkAsync();
        await world.PlanAsync();
        await twin.WorkAsync();
        twin.Executing.ShouldBeEmpty();
        world.StopTwin(twin);
        await ShouldSettleAsync(world);
        StreamsOf(world).ShouldBe(2);
    }

    [Fact, Trait("Scenario", "49")]
    public async Task A_receive_that_runs_is_waited_for_and_not_aborted()
    {
        await using var world = await InTheMiddleAsync();
        foreach (var agent in world.Agents)
            await agent.ReportAsync();
        await world.PlanAsync();
        var edge = (await world.Witness.Admin.EdgesAsync(null, default)).ShouldHaveSingleItem();
        edge.Reason.ShouldBe(ReasonCode.InProgress);
        // The lease is kept alive by the bytes that move, as long as it takes.
        for (var minute = 0; minute < 10; minute++)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(1));
            await world.PlanAsync();
        }
        await ShouldSettleAsync(world);
        world.Hosts.Transcript.ShouldNotContain(line => line.Contains("receive -A", StringComparison.Ordinal));
        StreamsOf(world).ShouldBe(2);
    }

    private static int StreamsOf(FaultWorld world) =>
        world.Hosts.Transcript.Sum(line => line.Split("zfs receive").Length - 1);

    /// <summary>A copy is being made: the first of its two streams is on its way.</summary>
    private static async Task<FaultWorld> InTheMiddleAsync()
    {
        var world = await FaultWorld.CreateAsync(Story(FaultTopology.Hub, 2, 1), new FaultStatistics());
        foreach (var agent in world.Agents)
            await agent.ReportAsync();
        await world.PlanAsync();
        world.AgentOf("h1").PauseIn("receive");
        await world.AgentOf("h1").WorkAsync();
        world.AgentOf("h1").IsPaused.ShouldBeTrue();
        return world;
    }

    private static async Task ShouldSettleAsync(FaultWorld world)
    {
        await new FaultSettlement(world).SettleAsync();
        world.Violations.ShouldBeEmpty();
    }

    private static FaultScenario Story(FaultTopology topology, int hosts, int datasets) =>
        new()
        {
            Seed = 0,
            Topology = topology,
            Hosts = hosts,
            Datasets = datasets,
            Policy = new GroupPolicy(),
            Events = [],
        };

    private static void ShouldEndWell(FaultScenario story, int seed) =>
        StoryThread.Tell(() => FaultFleet.TellAsync(story with { Seed = seed }, new FaultStatistics())).ShouldBeEmpty();
}

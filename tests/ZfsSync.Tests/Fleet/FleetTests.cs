using System.Text.RegularExpressions;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Replication;
using ZfsSync.Simulation;

namespace ZfsSync.Tests.Fleet;

public sealed partial class FleetTests
{
    [Fact, Trait("Scenario", "89")]
    public async Task Reports_become_plans_become_transfers_become_proof()
    {
        await using var world = await HubAsync(seed: 1);
        (await world.ConvergeAsync()).ShouldNotBeNull(await world.StoryAsync());
        await ShouldBeTheSameAsync(world);
        (await world.EdgesAsync()).ShouldAllBe(edge => edge.ProvenSnapshot != null);

        world.Snapshot("alpha", "tank/data", "three");
        await world.Agent("alpha").ReportAsync();
        await world.Witness.PlanAsync();
        (await world.EdgesAsync()).Count(edge => edge.State == EdgeState.OutOfSync).ShouldBe(2);
        (await world.ConvergeAsync()).ShouldNotBeNull(await world.StoryAsync());
        await ShouldBeTheSameAsync(world);
    }

    [Fact]
    public async Task A_root_below_a_pool_is_made_although_the_sources_root_has_no_snapshot_and_becomes_a_copy_when_it_has()
    {
        await using var world = await FleetWorld.CreateAsync(seed: 10);
        await world.JoinAsync("alpha", "tank");
        await world.JoinAsync("beta", "backup");
        world.Hosts["alpha"].Zfs("create -p tank/x/y");
        world.Snapshot("alpha", "tank/x/y", "one");
        await world.Witness.Admin.CreateGroupAsync(
            new GroupDefinition
            {
                Name = "rooted",
                Mode = GroupMode.Hub,
                HubSystemId = world.Agent("alpha").SystemId,
                Members =
                [
                    new GroupMember { SystemId = world.Agent("alpha").SystemId },
                    new GroupMember { SystemId = world.Agent("beta").SystemId, Root = "backup/hosts/alpha" },
                ],
            },
            default
        );
        await world.RoundAsync();
        await world.RoundAsync();
        world.Hosts["beta"].Zfs("list -H -o name -t snapshot").ShouldBe("backup/hosts/alpha/x/y@one\n");
        world.Hosts["beta"].Zfs("get -H -o value canmount backup/hosts/alpha").ShouldBe("off\n");

        world.Snapshot("alpha", "tank", "late");
        world.Snapshot("alpha", "tank/x", "late");
        (await world.ConvergeAsync()).ShouldNotBeNull(await world.StoryAsync());
        world
            .Hosts["beta"]
            .Zfs("list -H -o name -t snapshot")
            .ShouldBe("backup/hosts/alpha@late\nbackup/hosts/alpha/x@late\nbackup/hosts/alpha/x/y@one\n");
    }

    [Fact]
    public async Task An_agent_that_is_asked_to_look_now_answers_with_its_next_report()
    {
        await using var world = await PairAsync(seed: 9);
        await world.RoundAsync();
        var group = (await world.Witness.Admin.GroupsAsync(default))[0];
        (await world.Witness.Admin.CheckAsync(group.Id, default)).Awaited.ShouldBe(["alpha", "beta"]);
        foreach (var agent in world.Agents)
        {
            await agent.WorkAsync();
            await agent.ReportAsync();
        }
        foreach (var host in await world.Witness.Admin.SystemsAsync(default))
            host.ReportAnsweredAt.ShouldBe(host.ReportRequestedAt.ShouldNotBeNull());
    }

    [Fact]
    public async Task A_fleet_in_sync_sends_nothing_and_says_so()
    {
        await using var world = await HubAsync(seed: 2);
        (await world.ConvergeAsync()).ShouldNotBeNull(await world.StoryAsync());
        var before = world.Hosts.Transcript.Count;
        await world.RoundAsync();
        await world.RoundAsync();
        world
            .Hosts.Transcript.Skip(before)
            .ShouldNotContain(line => line.Contains("zfs send", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_chain_hands_on_what_arrived()
    {
        await using var world = await FleetWorld.CreateAsync(seed: 3);
        await world.JoinAsync("alpha", "tank");
        await world.JoinAsync("beta", "backup", ZfsRelease.Zfs21);
        await world.JoinAsync("gamma", "vault");
        world.Hosts["alpha"].Zfs("create tank/data");
        world.Snapshot("alpha", "tank/data", "one");
        await world.GroupAsync(GroupMode.Chain, "alpha", "beta", "gamma");
        (await world.ConvergeAsync()).ShouldNotBeNull(await world.StoryAsync());
        world.Hosts["gamma"].FileHashes("vault/data@one").ShouldBe(world.Hosts["alpha"].FileHashes("tank/data@one"));
    }

    [Fact]
    public async Task A_witness_that_restarts_in_the_middle_knows_everything_it_acknowledged()
    {
        await using var world = await HubAsync(seed: 4);
        for (var round = 0; round < 4; round++)
        {
            await world.RoundAsync();
            await world.Witness.RestartAsync();
        }
        (await world.ConvergeAsync()).ShouldNotBeNull(await world.StoryAsync());
        await ShouldBeTheSameAsync(world);
    }

    [Fact]
    public async Task A_witness_that_is_away_for_a_while_changes_nothing_in_the_end()
    {
        await using var world = await HubAsync(seed: 5);
        await world.RoundAsync();
        world.Witness.Stop();
        foreach (var agent in world.Agents)
        {
            await agent.ReportAsync();
            await agent.WorkAsync();
        }
        world.Snapshot("alpha", "tank/data", "meanwhile");
        await world.Witness.StartAsync();
        (await world.ConvergeAsync()).ShouldNotBeNull(await world.StoryAsync());
        await ShouldBeTheSameAsync(world);
    }

    [Fact, Trait("Scenario", "58")]
    public async Task An_agent_killed_between_any_two_steps_ends_in_sync()
    {
        await using var world = await PairAsync(seed: 6);
        var (alpha, beta) = (world.Agent("alpha"), world.Agent("beta"));
        var steps = 0;
        for (var survived = false; !survived; steps++)
        {
            world.Snapshot("alpha", "tank/data", $"s{steps}");
            await alpha.ReportAsync();
            await beta.ReportAsync();
            await world.Witness.PlanAsync();
            beta.KillAtStep(steps + 1);
            await beta.WorkAsync();
            survived = beta.IsAlive;
            (await world.ConvergeAsync()).ShouldNotBeNull($"killed at step {steps + 1}\n{await world.StoryAsync()}");
            await ShouldBeTheSameAsync(world);
        }
        steps.ShouldBeGreaterThan(20);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [Trait("Scenario", "48"), Trait("Scenario", "54")]
    public async Task After_kills_cuts_and_restarts_everything_arrives(int seed)
    {
        await using var world = await HubAsync(seed);
        for (var round = 0; round < 12; round++)
            await DisturbAsync(world, round);
        world.Hosts.Reconnect("alpha");
        (await world.ConvergeAsync(80)).ShouldNotBeNull($"seed {seed}\n{await world.StoryAsync()}");
        await ShouldBeTheSameAsync(world);
    }

    [Fact]
    public async Task The_same_seed_tells_the_same_story()
    {
        (await TellAsync(21)).ShouldBe(await TellAsync(21));

        static async Task<List<string>> TellAsync(int seed)
        {
            await using var world = await HubAsync(seed);
            for (var round = 0; round < 5; round++)
                await DisturbAsync(world, round);
            return [.. world.Hosts.Transcript.Select(line => EdgeIds().Replace(line, "EDGE"))];
        }
    }

    [Fact, Trait("Scenario", "29")]
    public async Task A_target_with_snapshots_of_its_own_is_a_conflict_until_a_person_decides()
    {
        await using var world = await PairAsync(seed: 7);
        (await world.ConvergeAsync()).ShouldNotBeNull(await world.StoryAsync());
        world.Hosts["beta"].Zfs("snapshot backup/data@own");
        world.Snapshot("alpha", "tank/data", "more");
        (await world.ConvergeAsync(maxRounds: 4)).ShouldBeNull();
        var edge = (await world.EdgesAsync()).Single(one => one.LogicalDataset == "data");
        edge.State.ShouldBe(EdgeState.Conflict);
        world.Hosts["beta"].Zfs("list -H -o name -t snapshot backup/data").ShouldContain("@own");
        var rollback = edge.Repairs.Single(one => one.Kind == RepairKind.Rollback);
        await world.Witness.Admin.ApproveAsync(
            edge.EdgeId,
            new RepairApproval { Kind = rollback.Kind, Destroys = rollback.Destroys },
            default
        );
        (await world.ConvergeAsync()).ShouldNotBeNull(await world.StoryAsync());
        await ShouldBeTheSameAsync(world);
    }

    private static async Task<FleetWorld> PairAsync(int seed)
    {
        var world = await FleetWorld.CreateAsync(seed);
        await world.JoinAsync("alpha", "tank");
        await world.JoinAsync("beta", "backup");
        world.Hosts["alpha"].Zfs("create tank/data");
        world.Snapshot("alpha", "tank/data", "one");
        world.Snapshot("alpha", "tank/data", "two");
        await world.GroupAsync(GroupMode.Hub, "alpha", "beta");
        return world;
    }

    private static async Task<FleetWorld> HubAsync(int seed)
    {
        var world = await FleetWorld.CreateAsync(seed);
        await world.JoinAsync("alpha", "tank");
        await world.JoinAsync("beta", "backup");
        await world.JoinAsync("gamma", "vault", ZfsRelease.Zfs21);
        world.Hosts["alpha"].Zfs("create tank/data");
        world.Hosts["alpha"].Zfs("create tank/data/child");
        foreach (var dataset in new[] { "tank/data", "tank/data/child" })
        {
            world.Snapshot("alpha", dataset, "one");
            world.Snapshot("alpha", dataset, "two");
        }
        await world.GroupAsync(GroupMode.Hub, "alpha", "beta", "gamma");
        return world;
    }

    private static async Task DisturbAsync(FleetWorld world, int round)
    {
        switch (world.Random.Next(7))
        {
            case 0:
                world.Snapshot("alpha", "tank/data", $"r{round}", bytes: 2_000_000);
                break;
            case 1:
                world.Snapshot("alpha", "tank/data/child", $"r{round}");
                break;
            case 2:
                world.Hosts.BreakNextStream(StreamFault.Cut(world.Random.Next(50_000, 600_000)));
                break;
            case 3:
                world.Agent(world.Random.Next(2) == 0 ? "beta" : "gamma").KillAtStep(world.Random.Next(1, 60));
                break;
            case 4:
                await world.Witness.RestartAsync();
                break;
            case 5:
                world.Hosts.Disconnect("alpha");
                break;
            default:
                world.Hosts.Reconnect("alpha");
                break;
        }
        await world.RoundAsync();
    }

    /// <summary>Same files everywhere, and nothing is held any more.</summary>
    private static async Task ShouldBeTheSameAsync(FleetWorld world)
    {
        // Holds that could not be released are tried again every five minutes.
        world.Clock.Advance(TimeSpan.FromMinutes(6));
        await world.RoundAsync();
        foreach (var (host, pool) in new[] { ("beta", "backup"), ("gamma", "vault") })
        {
            if (!world.Hosts.Hosts.ContainsKey(host))
                continue;
            foreach (
                var dataset in world
                    .Hosts["alpha"]
                    .Zfs("list -H -o name -r tank")
                    .Split('\n')
                    .Where(n => n.Contains('/'))
            )
                world.Hosts[host].FileHashes(pool + dataset[4..]).ShouldBe(world.Hosts["alpha"].FileHashes(dataset));
        }
        foreach (
            var snapshot in world.Hosts["alpha"].Zfs("list -H -t snapshot -o name").Split('\n').Where(n => n.Length > 0)
        )
            world.Hosts["alpha"].Zfs($"holds -H {snapshot}").ShouldBeEmpty();
    }

    [GeneratedRegex("zfs-sync-[0-9a-f]{16}")]
    private static partial Regex EdgeIds();
}

using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using ZfsSync.Simulation;

namespace ZfsSync.Tests.Agent;

/// <summary>The agent dies before its first, second, third … step. Whatever was done by then, the next one brings it to its end.</summary>
public sealed class CrashTests
{
    [Theory]
    [InlineData("first copy")]
    [InlineData("first copy in one session")]
    [InlineData("increment")]
    [InlineData("resume")]
    [Trait("Scenario", "58")]
    public async Task Killed_between_any_two_steps_the_next_agent_ends_it(string what)
    {
        var steps = 0;
        for (var killAt = 1; ; killAt++)
        {
            using var bench = new AgentBench();
            await PrepareAsync(bench, what);
            var kill = new Kill(killAt);
            bench.Start(new DyingRunner(bench.Fleet.RunnerOn("beta"), kill), _ => kill.Check());
            await DieAsync(bench);
            await LiveAsync(bench, $"killed before step {killAt} of '{what}' ({kill.Last})");
            if (!kill.HasStruck)
                break;
            steps = killAt;
        }
        steps.ShouldBeGreaterThan(10);
    }

    private static async Task PrepareAsync(AgentBench bench, string what)
    {
        bench.Source.Zfs("create tank/data");
        bench.Snapshot("tank/data", "a");
        bench.Snapshot("tank/data", "b");
        bench.EstimatedBytes = what.EndsWith("one session", StringComparison.Ordinal) ? 1 : null;
        if (what.StartsWith("first copy", StringComparison.Ordinal))
            return;
        await bench.SyncAsync("data");
        bench.Snapshot("tank/data", "c");
        if (what == "resume")
        {
            bench.Fleet.BreakNextStream(StreamFault.Cut(300_000));
            await bench.SyncAsync("data");
        }
        bench.Snapshot("tank/data", "d");
    }

    private static async Task DieAsync(AgentBench bench)
    {
        bench.Witness.Pending.Add(await bench.PlanAsync("data"));
        try
        {
            await bench.Agent.Instructions.TakeAsync(TimeSpan.Zero, default);
            await bench.Agent.Instructions.IdleAsync();
        }
        catch (AgentKilledException)
        {
            // As a process that is no more.
        }
    }

    private static async Task LiveAsync(AgentBench bench, string when)
    {
        bench.Start();
        await bench.Agent.Instructions.RecoverAsync(default);
        (await bench.MarksAsync("data")).HasHolds.ShouldBeFalse(when);
        await bench.Agent.Instructions.TakeAsync(TimeSpan.Zero, default);
        await bench.Agent.Instructions.IdleAsync();
        for (var round = 0; round < 5 && await bench.DecideAsync("data") is not ReplicationDecision.UpToDate; round++)
            await bench.SyncAsync("data");
        (await bench.DecideAsync("data")).ShouldBeOfType<ReplicationDecision.UpToDate>(when);
        bench.Target.FileHashes("backup/data").ShouldBe(bench.Source.FileHashes("tank/data"), when);
        var (bookmarks, hasHolds) = await bench.MarksAsync("data");
        hasHolds.ShouldBeFalse(when);
        var newest = (await bench.ReadAsync("alpha", Core.Snapshots.DatasetName.Parse("tank/data")))!.Snapshots[^1];
        bookmarks.ShouldContain($"zfs-sync-{AgentBench.Edge}-{newest.Guid}", when);
        bookmarks.Count.ShouldBeLessThanOrEqualTo(2, when);
        (await bench.LabelsAsync("beta", "backup/data")).ShouldBe(await bench.LabelsAsync("alpha", "tank/data"), when);
    }
}

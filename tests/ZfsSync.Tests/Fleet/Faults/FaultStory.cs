using System.Net.Http.Headers;
using System.Text.Json;
using ZfsSync.Contracts.Client;
using ZfsSync.Simulation;
using ZfsSync.Simulation.Model;

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>Lets the events of a scenario happen to its fleet, one after the other, and looks after each.</summary>
internal sealed class FaultStory(FaultWorld world)
{
    public async Task HappenAsync(FaultEvent what)
    {
        world.Now++;
        world.Stats.Count(what.Kind);
        world.Watch.See();
        try
        {
            await ApplyAsync(what);
        }
        catch (WitnessException)
        {
            // A person was told no, or nobody was there.
        }
        await StoryThread.SettleAsync();
        if (!world.Witness.IsWhole && what.Kind != FaultKind.KillWitness && what.Which % 3 == 0)
            await world.Witness.StartAsync();
        world.Watch.See();
        await world.Watch.CheckAsync();
    }

    /// <summary>A minute of the fleet: everybody reports, the witness plans, everybody works.</summary>
    public async Task RoundAsync()
    {
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var agent in world.Agents)
            await agent.ReportAsync();
        await world.PlanAsync();
        foreach (var agent in world.Agents)
            await agent.WorkAsync();
        await world.PlanAsync();
    }

    public async Task DeliverAsync()
    {
        if (world.Late.Count == 0)
            return;
        var late = world.Late[^1];
        world.Late.RemoveAt(world.Late.Count - 1);
        await world.SendAsync(late);
    }

    public async Task RevokeAsync(string host) => await KeyAsync(host, HttpMethod.Delete);

    public async Task RenewKeyAsync(string host)
    {
        var answer = await KeyAsync(host, HttpMethod.Post);
        if (answer is null)
            return;
        using var json = JsonDocument.Parse(answer);
        var key = json.RootElement.GetProperty("api_key").GetString()!;
        foreach (var agent in world.Agents.Where(agent => agent.Host == host))
        {
            agent.Kill();
            agent.Identity = agent.Identity with { ApiKey = key };
        }
    }

    private async Task ApplyAsync(FaultEvent what)
    {
        var names = world.HostNames;
        var host = names[what.Host % names.Length];
        var agent = world.Agents[what.Host % world.Agents.Count];
        switch (what.Kind)
        {
            case FaultKind.Round:
                await RoundAsync();
                break;
            case FaultKind.Advance:
                world.Clock.Advance(TimeSpan.FromSeconds(Math.Pow(1.012, what.Amount) * 2));
                break;
            case FaultKind.Report:
                await agent.ReportAsync();
                break;
            case FaultKind.Work:
                await agent.WorkAsync();
                break;
            case FaultKind.Plan:
                await world.PlanAsync();
                break;
            case FaultKind.ApproveRepair:
                await world.Users.ApproveSomeAsync(what);
                break;
            case FaultKind.Thaw:
                await world.Users.ThawAsync(host);
                break;
            case FaultKind.SwitchGroup:
                await world.Users.SwitchGroupAsync(what.Amount % 2 == 0);
                break;
            case FaultKind.StopRun:
                await StopRunAsync(what);
                break;
            case < FaultKind.KillAgent:
                world.Users.Act(what);
                break;
            default:
                await FaultAsync(what, host, agent);
                break;
        }
    }

    private async Task StopRunAsync(FaultEvent what)
    {
        if (world.Watch.Edges.Count == 0)
            return;
        var edge = world.Watch.Edges[what.Which % world.Watch.Edges.Count];
        await AdminAsync(HttpMethod.Post, $"edges/{edge.Id}/stop");
    }

    private async Task FaultAsync(FaultEvent what, string host, FaultAgent agent)
    {
        switch (what.Kind)
        {
            case FaultKind.KillAgent:
                agent.KillAtStep(1 + (what.Which % 40));
                break;
            case FaultKind.PauseAgent:
                agent.PauseAtStep(1 + (what.Which % 30));
                break;
            case FaultKind.Resume:
                await agent.ResumeAsync();
                break;
            case FaultKind.KillWitness:
                world.Witness.KillAtStep(1 + (what.Which % 30));
                break;
            case FaultKind.RestartWitness:
                await world.Witness.RestartAsync();
                break;
            case FaultKind.CutStream:
                world.Hosts.BreakNextStream(new StreamFault(StreamFaultKind.ConnectionLost, 700L * what.Amount));
                break;
            case FaultKind.GarbleStream:
                world.Hosts.BreakNextStream(new StreamFault(StreamFaultKind.Garbled, 700L * what.Amount));
                break;
            case FaultKind.KillSender:
                world.Hosts.BreakNextStream(new StreamFault(StreamFaultKind.SenderKilled, 700L * what.Amount));
                break;
            case FaultKind.KillReceiver:
                world.Hosts.BreakNextStream(new StreamFault(StreamFaultKind.ReceiverKilled, 700L * what.Amount));
                break;
            case FaultKind.Disconnect:
                world.Hosts.Disconnect(host);
                break;
            case FaultKind.Reconnect:
                world.Hosts.Reconnect(host);
                break;
            case FaultKind.LoseRequest:
            case FaultKind.LoseAnswer:
            case FaultKind.DoubleRequest:
            case FaultKind.DelayRequest:
            case FaultKind.TruncateRequest:
                world.Arm(host, 1 + (what.Which % 12), WireFaultOf(what.Kind));
                break;
            case FaultKind.DeliverLate:
                await DeliverAsync();
                break;
            case FaultKind.SkewHostClock:
                world.ClockOf(host).Offset = Skew(what);
                break;
            case FaultKind.SkewWitnessClock:
                world.WitnessClock.Offset = Skew(what);
                break;
            case FaultKind.FillDisk:
                Quota(host, what);
                break;
            case FaultKind.FreeDisk:
                FreeDisk(host);
                break;
            case FaultKind.RevokeKey:
                await RevokeAsync(host);
                break;
            case FaultKind.RenewKey:
                await RenewKeyAsync(host);
                break;
            default:
                HostFault(what, host);
                break;
        }
    }

    private void HostFault(FaultEvent what, string host)
    {
        switch (what.Kind)
        {
            case FaultKind.StartTwin when world.Agents.Count < 5:
                world.StartTwin(host, sameAgentId: what.Which % 2 == 0);
                break;
            case FaultKind.StopTwin when world.Agents.Count > world.HostNames.Length:
                world.StopTwin(world.Agents[^1]);
                break;
            case FaultKind.TakeImage:
                TakeImage(host);
                break;
            case FaultKind.RestoreImage when world.Images.TryGetValue(host, out var image):
                Restore(host, image, withPools: what.Which % 3 != 0);
                break;
        }
    }

    private void TakeImage(string host)
    {
        if (world.Images.Remove(host, out var older))
            Directory.Delete(older.Directory, recursive: true);
        var directory = FleetDirectory.Create();
        FaultWorld.CopyFiles(world.AgentOf(host).Directory, directory);
        world.Images[host] = (world.Hosts[host].TakeImage(), directory);
    }

    /// <summary>The machine goes off, and comes up with an older disk; what ran to or from it is cut.</summary>
    private void Restore(string host, (IReadOnlyList<SimPool> Pools, string Directory) image, bool withPools)
    {
        foreach (var agent in world.Agents.Where(agent => agent.Host == host || agent.IsPaused))
            agent.Kill();
        world.Ledger.AsUser(() =>
        {
            if (withPools)
                world.Hosts[host].Restore(image.Pools);
        });
        var directory = world.AgentOf(host).Directory;
        Directory.Delete(directory, recursive: true);
        Directory.CreateDirectory(directory);
        FaultWorld.CopyFiles(image.Directory, directory);
    }

    /// <summary>Wrong by a month, by a day, by minutes; or right again.</summary>
    private static TimeSpan Skew(FaultEvent what) =>
        (what.Which % 7) switch
        {
            0 => TimeSpan.FromDays(30),
            1 => TimeSpan.FromDays(-30),
            2 => TimeSpan.FromDays(1),
            3 => TimeSpan.FromHours(-1),
            4 => TimeSpan.FromSeconds(-what.Amount),
            5 => TimeSpan.FromSeconds(what.Amount),
            _ => TimeSpan.Zero,
        };

    private static WireFault WireFaultOf(FaultKind kind) =>
        kind switch
        {
            FaultKind.LoseRequest => WireFault.Lost,
            FaultKind.LoseAnswer => WireFault.AnswerLost,
            FaultKind.DoubleRequest => WireFault.Doubled,
            FaultKind.DelayRequest => WireFault.Delayed,
            _ => WireFault.Truncated,
        };

    private void Quota(string host, FaultEvent what)
    {
        foreach (var pool in world.Hosts[host].State.Pools.Values)
        {
            var used = SpaceUsage.UsedBytes(pool.Root);
            world.Hosts[host].Zfs($"set quota={used + 1000 + (500 * what.Amount)} {pool.Name}");
        }
    }

    public void FreeDisk(string host)
    {
        foreach (var pool in world.Hosts[host].State.Pools.Keys)
            world.Hosts[host].Zfs($"set quota=none {pool}");
    }

    private Task<string?> KeyAsync(string host, HttpMethod method) =>
        AdminAsync(method, $"systems/{world.Systems[host]}/api-key");

    private async Task<string?> AdminAsync(HttpMethod method, string path)
    {
        using var wire = new HttpMessageInvoker(world.Witness.Connect());
        using var request = new HttpRequestMessage(method, new Uri(FleetWitness.Address, $"api/v1/{path}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", FleetApp.AdminKey);
        try
        {
            using var answer = await wire.SendAsync(request, default);
            return answer.IsSuccessStatusCode ? await answer.Content.ReadAsStringAsync() : null;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}

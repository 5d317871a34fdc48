using ZfsSync.Agent.Identity;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Systems;
using ZfsSync.Simulation;
using ZfsSync.Testing;

namespace ZfsSync.Tests.Fleet;

/// <summary>
/// One witness, several agents on simulated hosts, one clock, one seed: the same seed gives the same story. Nothing sleeps
/// and nothing uses a socket, so that thousands of stories can be told.
/// </summary>
internal sealed class FleetWorld : IAsyncDisposable
{
    private readonly SortedDictionary<string, FleetAgent> _agents = new(StringComparer.Ordinal);

    private FleetWorld(int seed, ManualTimeProvider clock, FleetWitness witness)
    {
        Clock = clock;
        Witness = witness;
        Random = new Random(seed);
        Hosts = new SimulatedFleet(clock, seed);
    }

    public ManualTimeProvider Clock { get; }
    public FleetWitness Witness { get; }
    public SimulatedFleet Hosts { get; }
    public Random Random { get; }
    public IReadOnlyCollection<FleetAgent> Agents => _agents.Values;

    public static async Task<FleetWorld> CreateAsync(int seed)
    {
        var clock = new ManualTimeProvider();
        return new FleetWorld(seed, clock, await FleetWitness.StartAsync(clock, seed));
    }

    public FleetAgent Agent(string host) => _agents[host];

    /// <summary>A host with a pool, whose agent has joined.</summary>
    public async Task<FleetAgent> JoinAsync(string host, string pool, ZfsRelease? release = null)
    {
        Hosts.AddHost(host, release).AddPool(pool);
        var system = await Witness.Admin.RegisterAsync(
            new SystemRegistration
            {
                Hostname = host,
                Platform = "linux",
                SshHostname = host,
            },
            replace: false,
            default
        );
        var identity = new AgentIdentity
        {
            Witness = FleetWitness.Address,
            SystemId = system.Id,
            Hostname = host,
            AgentId = $"agent-of-{host}",
            ApiKey = system.ApiKey!,
        };
        var agent = new FleetAgent(Hosts, Witness, Clock, identity, _agents.Count);
        _agents.Add(host, agent);
        return agent;
    }

    /// <summary>A group in which the first host is the hub, or the head of the chain.</summary>
    public async Task<GroupResource> GroupAsync(GroupMode mode, params string[] hosts) =>
        await Witness.Admin.CreateGroupAsync(
            new GroupDefinition
            {
                Name = $"{mode} of {hosts[0]}",
                Mode = mode,
                HubSystemId = mode == GroupMode.Hub ? _agents[hosts[0]].SystemId : null,
                Members = [.. hosts.Select(host => new GroupMember { SystemId = _agents[host].SystemId })],
            },
            default
        );

    public void Snapshot(string host, string dataset, string label, long bytes = 700_000)
    {
        Clock.Advance(TimeSpan.FromSeconds(30));
        Hosts[host].Write(dataset, $"{label}.bin", bytes);
        Hosts[host].Zfs($"snapshot {dataset}@{label}");
    }

    /// <summary>A minute of the fleet: everybody reports, the witness plans, everybody works.</summary>
    public async Task RoundAsync()
    {
        Clock.Advance(TimeSpan.FromMinutes(1));
        foreach (var agent in Agents)
            await agent.ReportAsync();
        await Witness.PlanAsync();
        foreach (var agent in Agents)
            await agent.WorkAsync();
        await Witness.PlanAsync();
    }

    public Task<IReadOnlyList<EdgeResource>> EdgesAsync() => Witness.Admin.EdgesAsync(null, default);

    /// <summary>Rounds until every edge is proven in sync.</summary>
    /// <returns>How many it took; null when it did not come to that.</returns>
    public async Task<int?> ConvergeAsync(int maxRounds = 40)
    {
        for (var round = 1; round <= maxRounds; round++)
        {
            await RoundAsync();
            var edges = await EdgesAsync();
            if (edges.Count > 0 && edges.All(edge => edge.State == EdgeState.InSync))
                return round;
            // Failures back off; time passes.
            Clock.Advance(TimeSpan.FromMinutes(Math.Min(round, 15)));
        }
        return null;
    }

    /// <summary>What keeps the fleet from being in sync, for the message of a test that fails.</summary>
    public async Task<string> StoryAsync() =>
        string.Join(
            '\n',
            (await EdgesAsync())
                .Where(edge => edge.State != EdgeState.InSync)
                .Select(edge =>
                    $"{edge.Target.Hostname}:{edge.Target.Dataset} {edge.State} {edge.Reason} {edge.Text} {edge.LastError}"
                )
                .Concat(Agents.SelectMany(agent => agent.Log.TakeLast(6).Select(line => $"{agent.Host}: {line}")))
                .Concat(Hosts.Transcript.TakeLast(20))
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in Agents)
            agent.Dispose();
        await Witness.DisposeAsync();
    }
}

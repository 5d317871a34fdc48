using System.Net.Http.Headers;
using ZfsSync.Agent.Identity;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Systems;
using ZfsSync.Simulation;
using ZfsSync.Simulation.Model;
using ZfsSync.Testing;

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>The fleet of one story: hosts, agents, witness and clocks, what is under way between them, and what was seen to be wrong.</summary>
internal sealed class FaultWorld : IAsyncDisposable
{
    private const string Encrypted = "-o encryption=on -o keyformat=passphrase -o keylocation=file:///root/key ";

    private readonly Dictionary<string, SkewedTime> _clocks = new(StringComparer.Ordinal);
    private readonly List<(string Host, int In, WireFault Fault)> _wireFaults = [];
    private readonly List<FaultAgent> _agents = [];

    private FaultWorld(FaultScenario scenario, FaultStatistics stats)
    {
        Scenario = scenario;
        Stats = stats;
        Clock = new ManualTimeProvider();
        WitnessClock = new SkewedTime(Clock);
        Hosts = new SimulatedFleet(Clock, scenario.Seed)
        {
            OnStep = (step, _) => FaultAgent.Here?.StepAsync(step) ?? ValueTask.CompletedTask,
        };
        Ledger = new FaultLedger(this);
        Watch = new FaultWatch(this);
        Users = new FaultUsers(this);
    }

    public FaultScenario Scenario { get; }
    public FaultStatistics Stats { get; }
    public ManualTimeProvider Clock { get; }
    public SkewedTime WitnessClock { get; }
    public SimulatedFleet Hosts { get; }
    public FleetWitness Witness { get; private set; } = null!;
    public FaultLedger Ledger { get; }
    public FaultWatch Watch { get; }
    public FaultUsers Users { get; }
    public IReadOnlyList<FaultAgent> Agents => _agents;
    public List<LateRequest> Late { get; } = [];
    public List<string> Violations { get; } = [];
    public Dictionary<string, Guid> Systems { get; } = new(StringComparer.Ordinal);
    public Dictionary<string, (IReadOnlyList<SimPool> Pools, string Directory)> Images { get; } =
        new(StringComparer.Ordinal);
    public Guid GroupId { get; private set; }

    /// <summary>Counts what happens; the story's own time.</summary>
    public int Now { get; set; }

    public string[] HostNames => [.. Hosts.Hosts.Keys];

    public static async Task<FaultWorld> CreateAsync(FaultScenario scenario, FaultStatistics stats)
    {
        var world = new FaultWorld(scenario, stats);
        world.Witness =
            scenario.Replicas == 0
                ? await FleetWitness.StartAsync(world.WitnessClock, scenario.Seed)
                : await FleetWitness.StartReplicasAsync(world.WitnessClock, scenario.Seed, scenario.Replicas);
        var count = scenario.Topology == FaultTopology.TwoPools ? 1 : scenario.Hosts;
        for (var i = 0; i < count; i++)
            await world.JoinAsync($"h{i}", i);
        world.Populate();
        await world.GroupAsync();
        return world;
    }

    /// <summary>Lets the witness plan.</summary>
    public async Task PlanAsync()
    {
        await Witness.PlanAsync();
        if (Witness.IsAlive)
            Watch.Planned();
    }

    public SkewedTime ClockOf(string host) => _clocks[host];

    public FaultAgent AgentOf(string host) => _agents.First(agent => agent.Host == host);

    public void Violate(string what) => Violations.Add($"[{Now}] {what}");

    public void Arm(string host, int inRequests, WireFault fault) => _wireFaults.Add((host, inRequests, fault));

    public void DisarmWire() => _wireFaults.Clear();

    public WireFault? TakeWireFault(string host)
    {
        for (var i = 0; i < _wireFaults.Count; i++)
        {
            var (whose, left, fault) = _wireFaults[i];
            if (whose != host)
                continue;
            if (left > 1)
            {
                _wireFaults[i] = (whose, left - 1, fault);
                continue;
            }
            _wireFaults.RemoveAt(i);
            return fault;
        }
        return null;
    }

    /// <summary>Sends a request that somebody has made before.</summary>
    public async Task SendAsync(LateRequest late)
    {
        using var request = new HttpRequestMessage(late.Method, late.Address);
        if (late.Body.Length > 0)
        {
            request.Content = new ByteArrayContent(late.Body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", late.Key);
        using var wire = new HttpMessageInvoker(Witness.Connect());
        try
        {
            using var answer = await wire.SendAsync(request, default);
            var path = late.Address.AbsolutePath;
            if (answer.IsSuccessStatusCode && path.EndsWith("/reports", StringComparison.Ordinal))
                Watch.Reported(late.Host, late.Body, await answer.Content.ReadAsByteArrayAsync(), late.Since);
        }
        catch (HttpRequestException)
        {
            // The witness is away.
        }
    }

    /// <summary>A second process with the key of a host's agent and its number of reports; what runs is not in its journal.</summary>
    public void StartTwin(string host, bool sameAgentId)
    {
        var first = AgentOf(host);
        var directory = FleetDirectory.Create();
        foreach (var file in Directory.EnumerateFiles(first.Directory))
            File.Copy(file, Path.Combine(directory, Path.GetFileName(file)));
        var identity = sameAgentId ? first.Identity : first.Identity with { AgentId = $"twin-of-{host}" };
        _agents.Add(new FaultAgent(this, host, identity, directory, 1000 + _agents.Count));
    }

    public void StopTwin(FaultAgent twin)
    {
        twin.Dispose();
        _agents.Remove(twin);
        Directory.Delete(twin.Directory, recursive: true);
    }

    public static void CopyFiles(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy, overwrite: true);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var agent in _agents)
        {
            agent.Dispose();
            Directory.Delete(agent.Directory, recursive: true);
        }
        foreach (var image in Images.Values)
            Directory.Delete(image.Directory, recursive: true);
        await Witness.DisposeAsync();
    }

    private async Task JoinAsync(string host, int number)
    {
        _clocks[host] = new SkewedTime(Clock);
        var made = Hosts.AddHost(host, number == 1 ? ZfsRelease.Zfs21 : ZfsRelease.Zfs23, _clocks[host]);
        made.AddPool($"p{number}", sizeBytes: 1L << 30);
        if (Scenario.Topology == FaultTopology.TwoPools)
            made.AddPool("p1", sizeBytes: 1L << 30);
        if (Scenario.HasRoots && number > 0)
            made.Zfs($"create p{number}/copies");
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
        Systems[host] = system.Id;
        var identity = new AgentIdentity
        {
            Witness = FleetWitness.Address,
            SystemId = system.Id,
            Hostname = host,
            AgentId = $"agent-of-{host}",
            ApiKey = system.ApiKey!,
        };
        _agents.Add(new FaultAgent(this, host, identity, FleetDirectory.Create(), number));
    }

    private void Populate()
    {
        var first = Hosts["h0"];
        string[] names = ["p0/data", "p0/data/child", "p0/bare/leaf"];
        names = [.. names.Take(Scenario.Datasets)];
        foreach (var name in names)
        {
            var options = Scenario.IsEncrypted && name == "p0/data" ? Encrypted : "";
            if (Scenario.HasVolume && name == names[^1])
                options += "-V 16M ";
            first.Zfs($"create -p {options}{name}");
            for (var i = 0; i < 2 + (Scenario.Seed % 3); i++)
            {
                Clock.Advance(TimeSpan.FromSeconds(10));
                first.Write(name, $"f{i}", 300_000);
                first.Zfs($"snapshot {name}@s{i}");
            }
        }
    }

    private async Task GroupAsync()
    {
        var members =
            Scenario.Topology == FaultTopology.TwoPools
                ? [Member("h0", "p0"), Member("h0", "p1")]
                : HostNames
                    .Select((host, i) => Member(host, Scenario.HasRoots && i > 0 ? $"p{i}/copies" : null))
                    .ToList();
        var group = await Witness.Admin.CreateGroupAsync(
            new GroupDefinition
            {
                Name = "fleet",
                Mode = Scenario.Topology switch
                {
                    FaultTopology.Hub => GroupMode.Hub,
                    FaultTopology.Chain => GroupMode.Chain,
                    FaultTopology.Mesh => GroupMode.Mesh,
                    _ => GroupMode.Explicit,
                },
                HubSystemId = Scenario.Topology == FaultTopology.Hub ? Systems["h0"] : null,
                Edges = Scenario.Topology == FaultTopology.TwoPools ? [new GroupEdge(0, 1)] : null,
                Members = members,
                Policy = Scenario.Policy,
            },
            default
        );
        GroupId = group.Id;
    }

    private GroupMember Member(string host, string? root) => new() { SystemId = Systems[host], Root = root };
}

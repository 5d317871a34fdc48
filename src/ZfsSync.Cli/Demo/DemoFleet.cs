using ZfsSync.Agent;
using ZfsSync.Cli.Connection;
using ZfsSync.Cli.Hosting;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Groups;
using ZfsSync.Simulation;

namespace ZfsSync.Cli.Demo;

/// <summary>Three simulated hosts in memory: alpha with data, beta and gamma with room for copies. Their agents are real.</summary>
internal sealed class DemoFleet : IAsyncDisposable
{
    /// <summary>Where the agents keep their state, below the demo's data folder.</summary>
    public const string Folder = "simulated";

    public static readonly IReadOnlyList<string> Datasets = ["home", "mail", "vm"];
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StreamPause = TimeSpan.FromMilliseconds(30);

    private readonly SimulatedFleet _fleet;
    private readonly Dictionary<string, DemoHost> _hosts = new(StringComparer.Ordinal);

    private DemoFleet(SimulatedFleet fleet) => _fleet = fleet;

    public SimulatedHost this[string name] => _fleet[name];

    public DemoHost Agent(string name) => _hosts[name];

    /// <summary>Makes the hosts, lets them join, and keeps alpha's data on the two others.</summary>
    public static async Task<DemoFleet> CreateAsync(
        Surroundings surroundings,
        WitnessAccess access,
        WitnessClient admin,
        string directory,
        CancellationToken cancellation
    )
    {
        var simulated = new SimulatedFleet(surroundings.Time, surroundings.Random.Next())
        {
            // Memory is fast; without this nobody would see a transfer.
            OnStep = async (step, token) =>
            {
                if (step.Bytes is not null)
                    await Task.Delay(StreamPause, surroundings.Time, token);
            },
        };
        simulated.AddHost("alpha").AddPool("tank");
        simulated.AddHost("beta").AddPool("backup");
        simulated.AddHost("gamma").AddPool("vault");
        foreach (var dataset in Datasets)
            simulated["alpha"].Zfs($"create tank/{dataset}");
        simulated["beta"].Zfs("create backup/alpha");
        simulated["gamma"].Zfs("create vault/alpha");
        var fleet = new DemoFleet(simulated);
        foreach (var name in simulated.Hosts.Keys)
            fleet._hosts[name] = await JoinAsync(surroundings, access, admin, directory, simulated, name, cancellation);
        await admin.CreateGroupAsync(fleet.Group(), cancellation);
        foreach (var host in fleet._hosts.Values)
            host.Wake();
        return fleet;
    }

    public async ValueTask DisposeAsync() => await Task.WhenAll(_hosts.Values.Select(h => h.SleepAsync()));

    private static async Task<DemoHost> JoinAsync(
        Surroundings surroundings,
        WitnessAccess access,
        WitnessClient admin,
        string directory,
        SimulatedFleet simulated,
        string name,
        CancellationToken cancellation
    )
    {
        var options = new AgentOptions
        {
            Witness = access.Uri,
            DataDirectory = Path.Combine(directory, Folder, name),
            ReportInterval = Look,
            LongestPause = TimeSpan.FromSeconds(5),
            StopWithin = TimeSpan.FromSeconds(2),
            Simulated = true,
            Platform = "simulated",
            Durable = false,
        };
        var identity = await HostMembership.JoinAsync(options, admin, name, cancellation);
        return new DemoHost(surroundings, options, identity, access.Prefix, simulated.RunnerOn(name));
    }

    private GroupDefinition Group()
    {
        var alpha = _hosts["alpha"].Identity.SystemId;
        return new GroupDefinition
        {
            Name = "demo",
            Mode = GroupMode.Hub,
            HubSystemId = alpha,
            SyncIntervalSeconds = 20,
            Members =
            [
                Member(alpha, "tank", MemberRole.Source),
                Member(_hosts["beta"].Identity.SystemId, "backup/alpha", MemberRole.Target),
                Member(_hosts["gamma"].Identity.SystemId, "vault/alpha", MemberRole.Target),
            ],
        };
    }

    private static GroupMember Member(Guid host, string root, MemberRole role) =>
        new()
        {
            SystemId = host,
            Root = root,
            Role = role,
        };
}

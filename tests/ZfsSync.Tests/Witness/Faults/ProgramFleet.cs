using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Shouldly;
using ZfsSync.Agent;
using ZfsSync.Agent.Identity;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Systems;
using ZfsSync.Simulation;
using ZfsSync.Testing.Witness;

namespace ZfsSync.Tests.Witness.Faults;

/// <summary>
/// The real program with a database of its own, and two simulated hosts with real agents that cannot wait: for what
/// happens to a fleet when something happens to the witness's database.
/// </summary>
internal sealed class ProgramFleet : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);
    private readonly string _folder;
    private readonly int _port = FreePort();
    private readonly string _agents = Directory.CreateTempSubdirectory("zfs-sync-agents-").FullName;
    private readonly CancellationTokenSource _ending = new();
    private readonly HttpClient _http = new();
    private readonly List<HttpClient> _clients = [];
    private readonly List<Task> _running = [];
    private readonly ConcurrentQueue<string> _said = new();
    private readonly SimulatedFleet _fleet = new(TimeProvider.System, seed: 3);
    private WitnessProcess? _witness;

    private ProgramFleet(string folder)
    {
        _folder = folder;
        Database = Path.Combine(folder, "zfs_sync.db");
        Admin = Connect(TestWitness.AdminKey);
    }

    public string Database { get; }

    public WitnessClient Admin { get; }

    /// <summary>What the agents said that is worth a warning.</summary>
    public IReadOnlyCollection<string> AgentsSaid => _said;

    /// <summary>Streams that were begun so far.</summary>
    public int Sends => _fleet.Transcript.Count(line => line.Contains("zfs send", StringComparison.Ordinal));

    private Uri Address => new($"http://127.0.0.1:{_port}");

    /// <summary>alpha's <c>tank/data</c> is kept in sync as beta's <c>backup/data</c>, and its first snapshot is proven.</summary>
    public static async Task<ProgramFleet> StartAsync(string folder)
    {
        var fleet = new ProgramFleet(folder);
        try
        {
            await fleet.FillAsync();
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    public async Task StartWitnessAsync()
    {
        _witness?.Dispose();
        _witness = WitnessProcess.Start(
            new Dictionary<string, string>
            {
                ["DATA_DIR"] = _folder,
                ["PORT"] = $"{_port}",
                ["LOG_LEVEL"] = "WARNING",
                ["ADMIN_KEY"] = TestWitness.AdminKey,
            }
        );
        await _witness.ListeningAsync();
    }

    /// <summary>kill -9.</summary>
    /// <returns>What it had logged.</returns>
    public async Task<string> KillWitnessAsync()
    {
        await _witness!.KillAsync();
        return (await _witness.ExitAsync()).Errors;
    }

    public void Snapshot(string label)
    {
        _fleet["alpha"].Write("tank/data", label, 100_000);
        _fleet["alpha"].Zfs($"snapshot tank/data@{label}");
    }

    public async Task JoinAsync(string host, string pool, bool replace)
    {
        if (!replace)
            _fleet.AddHost(host).AddPool(pool);
        var options = new AgentOptions
        {
            Witness = Address,
            DataDirectory = Path.Combine(_agents, replace ? $"{host}-again" : host),
            ReportInterval = TimeSpan.FromSeconds(1),
            LongPoll = TimeSpan.FromSeconds(5),
            FirstPause = TimeSpan.FromMilliseconds(200),
            LongestPause = TimeSpan.FromSeconds(1),
            Durable = false,
        };
        Directory.CreateDirectory(options.DataDirectory);
        var identity = await Enrollment.JoinAsync(
            options,
            Admin,
            new SystemRegistration
            {
                Hostname = host,
                Platform = "linux",
                SshHostname = host,
            },
            replace,
            CancellationToken.None
        );
        _running.Add(
            AgentProgram.RunAsync(
                options,
                _fleet.RunnerOn(host),
                Connect(identity.ApiKey),
                TimeProvider.System,
                new Random(host.Length),
                (level, text) =>
                {
                    if (level >= AgentLogLevel.Warning)
                        _said.Enqueue($"{host}: {text}");
                },
                _ending.Token
            )
        );
    }

    private async Task FillAsync()
    {
        await StartWitnessAsync();
        await JoinAsync("alpha", "tank", replace: false);
        await JoinAsync("beta", "backup", replace: false);
        _fleet["alpha"].Zfs("create tank/data");
        await KeepInSyncAsync();
        Snapshot("first");
        await UntilProvenAsync("first");
    }

    public async Task KeepInSyncAsync()
    {
        var systems = await Admin.SystemsAsync(CancellationToken.None);
        await Admin.CreateGroupAsync(
            new GroupDefinition
            {
                Name = "data",
                Mode = GroupMode.Explicit,
                Members =
                [
                    new GroupMember { SystemId = systems.Single(s => s.Hostname == "alpha").Id, Root = "tank/data" },
                    new GroupMember { SystemId = systems.Single(s => s.Hostname == "beta").Id, Root = "backup/data" },
                ],
                Edges = [new GroupEdge(0, 1)],
            },
            CancellationToken.None
        );
    }

    /// <summary>The target shows it, by the witness's word and by its own listing.</summary>
    public async Task UntilProvenAsync(string label)
    {
        await UntilAsync(
            async () =>
                await Admin.EdgesAsync(null, CancellationToken.None)
                    is [{ State: EdgeState.InSync, ProvenSnapshot: var proven }]
                && proven == label,
            $"@{label} is not proven"
        );
        _fleet["beta"].Zfs("list -H -t snapshot -o name").ShouldContain($"backup/data@{label}");
    }

    /// <summary>The status of <c>GET /health/ready</c> becomes this.</summary>
    public Task UntilReadyAnswersAsync(HttpStatusCode status) =>
        UntilAsync(
            async () => (await _http.GetAsync(new Uri(Address, "/health/ready"))).StatusCode == status,
            $"/health/ready does not answer {status}"
        );

    /// <summary>An agent says this.</summary>
    public Task UntilAgentsSayAsync(string text) =>
        UntilAsync(
            () => Task.FromResult(_said.Any(line => line.Contains(text, StringComparison.Ordinal))),
            $"no agent says '{text}'"
        );

    /// <summary>As the witness's documentation tells to make a backup.</summary>
    public void BackUp(string copy)
    {
        using var from = Open();
        using var to = new SqliteConnection($"Data Source={copy};Pooling=False");
        to.Open();
        from.BackupDatabase(to);
    }

    /// <summary>A connection of another program.</summary>
    public SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_running.Select(agent => agent.ContinueWith(_ => { }, TaskScheduler.Default)));
        _witness?.Dispose();
        _http.Dispose();
        _clients.ForEach(client => client.Dispose());
        _ending.Dispose();
        Directory.Delete(_agents, recursive: true);
    }

    private WitnessClient Connect(string key)
    {
        _clients.Add(new HttpClient());
        return WitnessClient.Connect(_clients[^1], Address, key);
    }

    private async Task UntilAsync(Func<Task<bool>> isTrue, string otherwise)
    {
        var until = TimeProvider.System.GetUtcNow() + Patience;
        while (!await TryAsync(isTrue))
        {
            if (TimeProvider.System.GetUtcNow() > until)
                throw new TimeoutException(
                    $"{otherwise}. The agents said:\n{string.Join('\n', _said.TakeLast(10))}\nThe witness said:\n{await KillWitnessAsync()}"
                );
            await Task.Delay(LookAgain, TimeProvider.System);
        }
    }

    /// <summary>A witness that refuses for the moment is what these tests are about.</summary>
    private static async Task<bool> TryAsync(Func<Task<bool>> isTrue)
    {
        try
        {
            return await isTrue();
        }
        catch (Exception fault) when (fault is HttpRequestException or WitnessException { IsTransient: true })
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}

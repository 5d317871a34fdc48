using Microsoft.Extensions.DependencyInjection;
using ZfsSync.Contracts.Client;
using ZfsSync.Testing.Witness;
using ZfsSync.Tests.Agent;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Tests.Fleet;

/// <summary>
/// The real witness without sockets and without loops of its own: it plans when it is told to, so that one thread and one
/// seed decide everything. Its database outlives it. It can be killed before any of its transactions. It may be several
/// replicas on one database of PostgreSQL, to which requests go in turn, and which die one at a time.
/// </summary>
internal sealed class FleetWitness : IAsyncDisposable
{
    public static readonly Uri Address = new("http://localhost");
    private readonly TestDatabase? _shared;
    private readonly List<Replica> _replicas;
    private int _turn;

    private FleetWitness(TestDatabase? shared, IEnumerable<FleetApp> apps)
    {
        _shared = shared;
        _replicas = [.. apps.Select(app => new Replica(app))];
        Admin = WitnessClient.Connect(
            new HttpClient(Connect()) { Timeout = Timeout.InfiniteTimeSpan },
            Address,
            FleetApp.AdminKey
        );
    }

    public WitnessClient Admin { get; }

    /// <summary>Whether anybody answers.</summary>
    public bool IsAlive => _replicas.Exists(replica => replica.IsAlive);

    /// <summary>Whether all that should run do.</summary>
    public bool IsWhole => _replicas.TrueForAll(replica => replica.IsAlive);

    public static async Task<FleetWitness> StartAsync(TimeProvider clock, int seed)
    {
        var witness = new FleetWitness(shared: null, [FleetApp.Rent(clock, seed)]);
        await witness.StartAsync();
        return witness;
    }

    public static async Task<FleetWitness> StartReplicasAsync(TimeProvider clock, int seed, int count)
    {
        var shared = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        var apps = Enumerable.Range(0, count).Select(i => FleetApp.Replica(shared.Url, clock, seed + i));
        var witness = new FleetWitness(shared, apps);
        await witness.StartAsync();
        return witness;
    }

    /// <summary>As after a crash or an update, of one replica after the other: nothing is left but the database.</summary>
    public async Task RestartAsync()
    {
        Next().Stop();
        await StartAsync();
    }

    /// <summary>Nobody answers any more.</summary>
    public void Stop() => _replicas.ForEach(replica => replica.Stop());

    /// <summary>Starts what does not run.</summary>
    public async Task StartAsync()
    {
        foreach (var replica in _replicas.Where(replica => !replica.IsAlive))
            await AtOnce(replica.StartAsync);
    }

    /// <summary>The process dies before its n-th way to the database from now; of several, the one whose turn it is.</summary>
    public void KillAtStep(int step) => Next().App.Kill.StrikeIn(step);

    /// <summary>Nobody dies who is not dead already.</summary>
    public void Spare() => _replicas.ForEach(replica => replica.App.Kill.StrikeIn(int.MaxValue));

    /// <summary>Requests go to the witness that runs now; to none while it is away.</summary>
    public HttpMessageHandler Connect() => new Wire(this);

    /// <summary>Plans what was rung for, and what time alone has changed.</summary>
    public async Task PlanAsync()
    {
        foreach (var replica in _replicas.Where(replica => replica.IsAlive))
            await AtOnce(replica.PlanAsync);
    }

    /// <summary>What the database holds, past the API; also while the witness is away.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? arguments = null)
    {
        var app = _replicas[0].App;
        var kill = app.Kill;
        app.Kill = new Kill(int.MaxValue);
        try
        {
            return await AtOnce(() =>
                app
                    .Services.GetRequiredService<Database>()
                    .ReadAsync(session => session.QueryAsync<T>(sql, arguments), default)
            );
        }
        finally
        {
            app.Kill = kill;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        foreach (var replica in _replicas)
            await replica.App.ReturnAsync();
        if (_shared is not null)
            await _shared.DisposeAsync();
    }

    /// <summary>Whose turn it is among those that run; when none does, the first.</summary>
    private Replica Next()
    {
        var running = _replicas.FindAll(replica => replica.IsAlive);
        return running.Count == 0 ? _replicas[0] : running[_turn++ % running.Count];
    }

    /// <summary>
    /// On PostgreSQL answers come by way of other threads. The story's thread waits for them, so that nothing else
    /// happens in it meanwhile, as on SQLite.
    /// </summary>
    private Task<T> AtOnce<T>(Func<Task<T>> work) =>
        _shared is null ? work() : Task.FromResult(Task.Run(work).GetAwaiter().GetResult());

    private Task AtOnce(Func<Task> work) =>
        AtOnce(async () =>
        {
            await work();
            return true;
        });

    private sealed class Replica(FleetApp app)
    {
        public FleetApp App { get; } = app;

        public bool IsAlive { get; private set; }

        public async Task StartAsync()
        {
            App.Services.GetRequiredService<PlanningBell>().Take();
            App.Kill = new Kill(int.MaxValue);
            IsAlive = true;
            await App.Services.GetRequiredService<PlanningLoop>().PlanAllAsync(default);
        }

        public void Stop()
        {
            IsAlive = false;
            App.Kill = new Kill(int.MaxValue);
        }

        public async Task PlanAsync()
        {
            try
            {
                await App.Services.GetRequiredService<PlanningLoop>().TickAsync(default);
                var bell = App.Services.GetRequiredService<PlanningBell>();
                for (var changes = bell.Take(); !changes.IsEmpty; changes = bell.Take())
                    await App.Services.GetRequiredService<EdgePlanning>().PlanChangesAsync(changes, default);
            }
            catch (AgentKilledException)
            {
                Stop();
            }
        }

        public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
        {
            var answer = await App.Server.SendAsync(request);
            if (!App.Kill.HasStruck)
                return answer;
            Stop();
            throw new HttpRequestException("Connection reset by peer");
        }
    }

    private sealed class Wire(FleetWitness witness) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (!witness.IsAlive)
                throw new HttpRequestException("Connection refused");
            var replica = witness.Next();
            return witness.AtOnce(() => replica.SendAsync(request));
        }
    }
}

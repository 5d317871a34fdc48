using Microsoft.Extensions.DependencyInjection;
using ZfsSync.Contracts.Client;
using ZfsSync.Tests.Agent;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Tests.Fleet;

/// <summary>
/// The real witness without sockets and without loops of its own: it plans when it is told to, so that one thread and one
/// seed decide everything. Its database outlives it. It can be killed before any of its transactions.
/// </summary>
internal sealed class FleetWitness : IAsyncDisposable
{
    public static readonly Uri Address = new("http://localhost");
    private readonly FleetApp _app;

    private FleetWitness(FleetApp app) => _app = app;

    public WitnessClient Admin { get; private set; } = null!;

    public bool IsAlive { get; private set; }

    public static async Task<FleetWitness> StartAsync(TimeProvider clock, int seed)
    {
        var witness = new FleetWitness(FleetApp.Rent(clock, seed));
        witness.Admin = WitnessClient.Connect(
            new HttpClient(witness.Connect()) { Timeout = Timeout.InfiniteTimeSpan },
            Address,
            FleetApp.AdminKey
        );
        await witness.StartAsync();
        return witness;
    }

    /// <summary>As after a crash or an update: nothing is left but the database.</summary>
    public async Task RestartAsync()
    {
        Stop();
        await StartAsync();
    }

    public void Stop()
    {
        IsAlive = false;
        _app.Kill = new Kill(int.MaxValue);
    }

    public async Task StartAsync()
    {
        _app.Services.GetRequiredService<PlanningBell>().Take();
        _app.Kill = new Kill(int.MaxValue);
        IsAlive = true;
        await _app.Services.GetRequiredService<PlanningLoop>().PlanAllAsync(default);
    }

    /// <summary>The process dies before its n-th way to the database from now.</summary>
    public void KillAtStep(int step) => _app.Kill.StrikeIn(step);

    /// <summary>Requests go to the witness that runs now; to none while it is away.</summary>
    public HttpMessageHandler Connect() => new Wire(this);

    /// <summary>Plans what was rung for, and what time alone has changed.</summary>
    public async Task PlanAsync()
    {
        if (!IsAlive)
            return;
        try
        {
            await _app.Services.GetRequiredService<PlanningLoop>().TickAsync(default);
            var bell = _app.Services.GetRequiredService<PlanningBell>();
            for (var changes = bell.Take(); !changes.IsEmpty; changes = bell.Take())
                await _app.Services.GetRequiredService<EdgePlanning>().PlanChangesAsync(changes, default);
        }
        catch (AgentKilledException)
        {
            Stop();
        }
    }

    /// <summary>What the database holds, past the API; also while the witness is away.</summary>
    public async Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object? arguments = null)
    {
        var kill = _app.Kill;
        _app.Kill = new Kill(int.MaxValue);
        try
        {
            return await _app
                .Services.GetRequiredService<Database>()
                .ReadAsync(session => session.QueryAsync<T>(sql, arguments), default);
        }
        finally
        {
            _app.Kill = kill;
        }
    }

    public ValueTask DisposeAsync()
    {
        Stop();
        _app.Return();
        return ValueTask.CompletedTask;
    }

    private sealed class Wire(FleetWitness witness) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (!witness.IsAlive)
                throw new HttpRequestException("Connection refused");
            var answer = await witness._app.Server.SendAsync(request);
            if (!witness._app.Kill.HasStruck)
                return answer;
            witness.Stop();
            throw new HttpRequestException("Connection reset by peer");
        }
    }
}

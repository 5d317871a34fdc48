using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZfsSync.Contracts.Client;
using ZfsSync.Testing;
using ZfsSync.Testing.Witness;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Hosting;

namespace ZfsSync.Tests.Fleet;

/// <summary>
/// The real witness without sockets and without loops of its own: it plans when it is told to, so that one thread and one
/// seed decide everything. Its database outlives it.
/// </summary>
internal sealed class FleetWitness : IAsyncDisposable
{
    private const string AdminKey = "fleet-admin-key-0123456789";
    public static readonly Uri Address = new("http://localhost");
    private readonly ManualTimeProvider _clock;
    private readonly TestDatabase _database;
    private readonly string _directory = Directory.CreateTempSubdirectory("zfs-sync-fleet-").FullName;
    private WebApplication? _app;

    private FleetWitness(ManualTimeProvider clock, TestDatabase database) => (_clock, _database) = (clock, database);

    public WitnessClient Admin { get; private set; } = null!;

    public static async Task<FleetWitness> StartAsync(ManualTimeProvider clock, DatabaseKind kind)
    {
        var witness = new FleetWitness(clock, await TestDatabase.CreateAsync(kind));
        await witness.StartAsync();
        return witness;
    }

    /// <summary>As after a crash or an update: nothing is left but the database.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public async Task StopAsync()
    {
        if (_app is not null)
            await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>Requests go to the witness that runs now; to none while it is away.</summary>
    public HttpMessageHandler Connect() => new Wire(this);

    /// <summary>Plans what was rung for, and what time alone has changed.</summary>
    public async Task PlanAsync()
    {
        var services = _app!.Services;
        await services.GetRequiredService<PlanningLoop>().TickAsync(default);
        var bell = services.GetRequiredService<PlanningBell>();
        for (var changes = bell.Take(); !changes.IsEmpty; changes = bell.Take())
            await services.GetRequiredService<EdgePlanning>().PlanChangesAsync(changes, default);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _database.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    public async Task StartAsync()
    {
        _app = ZfsSync.Witness.Program.Create(
            new WitnessOptions
            {
                DataDir = _directory,
                DatabaseUrl = _database.Parsed,
                Port = 0,
                AdminKey = AdminKey,
                LogLevel = LogLevel.Error,
            },
            services =>
            {
                services.RemoveAll<IHostedService>();
                services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock));
                services.Replace(ServiceDescriptor.Singleton<IServer, TestServer>());
            }
        );
        await _app.StartWitnessAsync(default);
        await _app.Services.GetRequiredService<PlanningLoop>().PlanAllAsync(default);
        Admin = WitnessClient.Connect(new HttpClient(Connect()), Address, AdminKey);
    }

    private sealed class Wire(FleetWitness witness) : HttpMessageHandler
    {
        private HttpMessageInvoker? _inner;
        private WebApplication? _of;

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            if (witness._app is not { } app)
                throw new HttpRequestException("Connection refused");
            if (_of != app)
                (_inner, _of) = (
                    new HttpMessageInvoker(((TestServer)app.Services.GetRequiredService<IServer>()).CreateHandler()),
                    app
                );
            return _inner!.SendAsync(request, cancellationToken);
        }
    }
}

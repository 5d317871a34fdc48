using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Systems;
using ZfsSync.Witness.Hosting;

namespace ZfsSync.Testing.Witness;

/// <summary>
/// The real witness in this process: its own start-up, on loopback, with a clock that the test moves. Tests speak HTTP
/// to it and set up through it.
/// </summary>
public sealed class TestWitness : IAsyncDisposable
{
    /// <summary>The key of the ADMIN_KEY setting.</summary>
    public const string AdminKey = "test-admin-key-0123456789";

    private readonly WebApplication app;
    private readonly TestDatabase? owned;
    private readonly List<HttpClient> clients = [];

    private TestWitness(WebApplication app, ManualTimeProvider time, TestDatabase? owned)
    {
        (this.app, this.owned, Time) = (app, owned, time);
        Options = app.Services.GetRequiredService<WitnessOptions>();
        Address = new Uri(app.Urls.First());
        Admin = Client(AdminKey);
    }

    public ManualTimeProvider Time { get; }

    public Uri Address { get; }

    /// <summary>The API with the admin's key.</summary>
    public WitnessClient Admin { get; }

    internal WitnessOptions Options { get; }

    /// <summary>For tests of what no request shows; everything else goes through HTTP.</summary>
    public IServiceProvider Services => app.Services;

    /// <summary>On a new database.</summary>
    public static Task<TestWitness> StartAsync(DatabaseKind kind = DatabaseKind.Sqlite) => StartAsync(kind, null);

    /// <summary>On a new database, with other options than the defaults.</summary>
    internal static async Task<TestWitness> StartAsync(
        DatabaseKind kind,
        Func<WitnessOptions, WitnessOptions>? configure,
        Action<IServiceCollection>? adjust = null
    )
    {
        var database = await TestDatabase.CreateAsync(kind);
        return await StartAsync(database, database, configure, adjust, null);
    }

    /// <summary>On a database that outlives it: for restarts. Pass the clock on, or a new one starts.</summary>
    internal static Task<TestWitness> StartAsync(
        TestDatabase database,
        Func<WitnessOptions, WitnessOptions>? configure = null,
        ManualTimeProvider? time = null
    ) => StartAsync(database, null, configure, null, time);

    internal static async Task<TestWitness> StartAsync(string url)
    {
        if (!DatabaseUrl.TryParse(url, out var parsed, out var fault))
            throw new InvalidOperationException(fault);
        return await StartAsync(parsed, null, null, null, null);
    }

    private static Task<TestWitness> StartAsync(
        TestDatabase database,
        TestDatabase? owned,
        Func<WitnessOptions, WitnessOptions>? configure,
        Action<IServiceCollection>? adjust,
        ManualTimeProvider? time
    ) => StartAsync(database.Parsed, owned, configure, adjust, time);

    private static async Task<TestWitness> StartAsync(
        DatabaseUrl url,
        TestDatabase? owned,
        Func<WitnessOptions, WitnessOptions>? configure,
        Action<IServiceCollection>? adjust,
        ManualTimeProvider? time
    )
    {
        var clock = time ?? new ManualTimeProvider();
        var options = new WitnessOptions
        {
            DataDir = Directory.CreateTempSubdirectory("zfs-sync-data-").FullName,
            DatabaseUrl = url,
            Port = 0,
            AdminKey = AdminKey,
            LogLevel = LogLevel.Warning,
        };
        var program = ZfsSync.Witness.Program.Create(
            configure?.Invoke(options) ?? options,
            services =>
            {
                services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
                adjust?.Invoke(services);
            }
        );
        await program.StartWitnessAsync(CancellationToken.None);
        return new TestWitness(program, clock, owned);
    }

    /// <summary>The API with a key.</summary>
    public WitnessClient Client(string? key)
    {
        var http = new HttpClient();
        clients.Add(http);
        return WitnessClient.Connect(http, Address, key, Options.ApiPrefix);
    }

    /// <summary>Plain HTTP below the API's prefix (<c>Http().GetAsync("systems")</c>); no key when it is null.</summary>
    public HttpClient Http(string? key = AdminKey)
    {
        var http = new HttpClient { BaseAddress = new Uri(Address, Options.ApiPrefix + "/") };
        if (key is not null)
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        clients.Add(http);
        return http;
    }

    /// <summary>A JSON body as somebody would write it by hand.</summary>
    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    /// <summary>Registers a host.</summary>
    public async Task<TestHost> JoinAsync(string hostname)
    {
        var registration = new SystemRegistration
        {
            Hostname = hostname,
            Platform = "linux",
            SshHostname = $"{hostname}.example",
            SshUser = "sync",
        };
        var system = await Admin.RegisterAsync(registration, replace: false, CancellationToken.None);
        return new TestHost(system.Id, hostname, system.ApiKey!, Client(system.ApiKey));
    }

    /// <summary>Ends it as SIGTERM does.</summary>
    public Task StopAsync() => app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (var http in clients)
            http.Dispose();
        await app.DisposeAsync();
        Directory.Delete(Options.DataDir, recursive: true);
        if (owned is not null)
            await owned.DisposeAsync();
    }
}

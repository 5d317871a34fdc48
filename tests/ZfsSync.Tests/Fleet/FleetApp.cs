using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ZfsSync.Tests.Agent;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Tests.Fleet;

/// <summary>
/// A built witness, used by one fleet after the other: building it, and compiling its routes and its statements, takes
/// longer than a whole story. It keeps nothing between two stories, nor between two lives of a witness: its database is
/// replaced, its bell emptied, and everybody comes from another address. Replicas on PostgreSQL serve one fleet only.
/// </summary>
internal sealed class FleetApp
{
    public const string AdminKey = "fleet-admin-key-0123456789";

    private static readonly ConcurrentStack<FleetApp> Shared = new();

    // Whoever tells stories one after the other has own ones: which story had the app before must not depend on how fast
    // somebody else is.
    private static readonly AsyncLocal<ConcurrentStack<FleetApp>?> Own = new();

    private readonly string _directory = FleetDirectory.Create();
    private readonly SqliteFile? _file;
    private readonly WebApplication _app;
    private readonly BorrowedTime _time = new();
    private readonly BorrowedRandom _random = new();

    private FleetApp(string databaseUrl, SqliteFile? file)
    {
        _file = file;
        if (!DatabaseUrl.TryParse(databaseUrl, out var url, out var fault))
            throw new InvalidOperationException(fault);
        _app = ZfsSync.Witness.Program.Create(
            new WitnessOptions
            {
                DataDir = _directory,
                DatabaseUrl = url,
                Port = 0,
                AdminKey = AdminKey,
                LogLevel = LogLevel.None,
            },
            services =>
            {
                services.RemoveAll<IHostedService>();
                services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_time));
                services.Replace(ServiceDescriptor.Singleton(new IdSource(_random)));
                services.Replace(ServiceDescriptor.Singleton<IServer>(Server));
                services.Replace(
                    ServiceDescriptor.Singleton(_ => new Database(
                        new DyingDialect(Database.Open(url, NullLogger<Database>.Instance).Dialect, () => Kill)
                    ))
                );
            }
        );
        _app.StartWitnessAsync(default).GetAwaiter().GetResult();
        _file?.Remember();
    }

    public IServiceProvider Services => _app.Services;

    public InlineServer Server { get; } = new();

    public Kill Kill { get; set; } = new(int.MaxValue);

    /// <summary>From here on the caller's stories share apps with each other only.</summary>
    public static void Keep() => Own.Value = new ConcurrentStack<FleetApp>();

    /// <summary>With an empty database, and ids that follow from the seed: what is in their order is in the same order again.</summary>
    public static FleetApp Rent(TimeProvider clock, int seed)
    {
        if (!(Own.Value ?? Shared).TryPop(out var app))
        {
            var file = new SqliteFile(Path.Combine(FleetDirectory.Create(), "zfs_sync.db"));
            app = Build(file.Url, file);
        }
        return app.For(clock, seed);
    }

    /// <summary>One of several on a database of PostgreSQL.</summary>
    public static FleetApp Replica(string databaseUrl, TimeProvider clock, int seed) =>
        Build(databaseUrl, file: null).For(clock, seed);

    public async ValueTask ReturnAsync()
    {
        if (_file is null)
        {
            await _app.DisposeAsync();
            Directory.Delete(_directory, recursive: true);
            return;
        }
        _file.Reset();
        (Own.Value ?? Shared).Push(this);
    }

    /// <summary>Elsewhere: whoever tells a story on one thread cannot wait on it for what goes on there.</summary>
    private static FleetApp Build(string databaseUrl, SqliteFile? file) =>
        Task.Run(() => new FleetApp(databaseUrl, file)).GetAwaiter().GetResult();

    private FleetApp For(TimeProvider clock, int seed)
    {
        _time.Of = clock;
        _random.Of = new Random(seed);
        Server.NextAddress();
        return this;
    }

    /// <summary>A database that is as it was at first again.</summary>
    private sealed class SqliteFile(string path)
    {
        private readonly SqliteConnection _empty = new("Data Source=:memory:");

        public string Url => $"sqlite:///{path}";

        public void Remember()
        {
            _empty.Open();
            using var file = Open();
            file.BackupDatabase(_empty);
        }

        public void Reset()
        {
            using var file = Open();
            _empty.BackupDatabase(file);
        }

        private SqliteConnection Open()
        {
            var file = new SqliteConnection($"Data Source={path};Pooling=False");
            file.Open();
            return file;
        }
    }

    private sealed class BorrowedRandom : Random
    {
        public Random Of { get; set; } = new(0);

        public override void NextBytes(Span<byte> buffer) => Of.NextBytes(buffer);
    }

    private sealed class BorrowedTime : TimeProvider
    {
        public TimeProvider Of { get; set; } = System;

        public override long TimestampFrequency => Of.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => Of.GetUtcNow();

        public override long GetTimestamp() => Of.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            Of.CreateTimer(callback, state, dueTime, period);
    }
}

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
/// replaced, its bell emptied, and everybody comes from another address.
/// </summary>
internal sealed class FleetApp
{
    public const string AdminKey = "fleet-admin-key-0123456789";

    private static readonly ConcurrentStack<FleetApp> Shared = new();

    // Whoever tells stories one after the other has own ones: which story had the app before must not depend on how fast
    // somebody else is.
    private static readonly AsyncLocal<ConcurrentStack<FleetApp>?> Own = new();

    private readonly string _file;
    private readonly WebApplication _app;
    private readonly BorrowedTime _time = new();
    private readonly BorrowedRandom _random = new();
    private readonly SqliteConnection _empty = new("Data Source=:memory:");

    private FleetApp()
    {
        var directory = FleetDirectory.Create();
        _file = Path.Combine(directory, "zfs_sync.db");
        if (!DatabaseUrl.TryParse($"sqlite:///{_file}", out var url, out var fault))
            throw new InvalidOperationException(fault);
        _app = ZfsSync.Witness.Program.Create(
            new WitnessOptions
            {
                DataDir = directory,
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
                        new DyingDialect(new SqliteDialect(_file, NullLogger.Instance), () => Kill)
                    ))
                );
            }
        );
        _app.StartWitnessAsync(default).GetAwaiter().GetResult();
        using var made = OpenFile();
        _empty.Open();
        made.BackupDatabase(_empty);
    }

    public IServiceProvider Services => _app.Services;

    public InlineServer Server { get; } = new();

    public Kill Kill { get; set; } = new(int.MaxValue);

    /// <summary>From here on the caller's stories share apps with each other only.</summary>
    public static void Keep() => Own.Value = new ConcurrentStack<FleetApp>();

    /// <summary>With an empty database, and ids that follow from the seed: what is in their order is in the same order again.</summary>
    public static FleetApp Rent(TimeProvider clock, int seed)
    {
        var app = (Own.Value ?? Shared).TryPop(out var idle) ? idle : Build();
        app._time.Of = clock;
        app._random.Of = new Random(seed);
        app.Server.NextAddress();
        return app;
    }

    /// <summary>Elsewhere: whoever tells a story on one thread cannot wait on it for what goes on there.</summary>
    private static FleetApp Build() => Task.Run(() => new FleetApp()).GetAwaiter().GetResult();

    public void Return()
    {
        using (var file = OpenFile())
            _empty.BackupDatabase(file);
        (Own.Value ?? Shared).Push(this);
    }

    private SqliteConnection OpenFile()
    {
        var file = new SqliteConnection($"Data Source={_file};Pooling=False");
        file.Open();
        return file;
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

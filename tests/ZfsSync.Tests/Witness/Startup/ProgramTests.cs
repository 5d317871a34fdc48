using Shouldly;
using Xunit;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Systems;
using ZfsSync.Testing.Witness;
using ZfsSync.Witness.Hosting;

namespace ZfsSync.Tests.Witness.Startup;

/// <summary>The program as people and <c>zfs-sync up</c> start it.</summary>
public sealed class ProgramTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("zfs-sync-program-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task It_prints_address_and_first_key_and_stops_cleanly_when_asked()
    {
        using var http = new HttpClient();
        using var first = WitnessProcess.Start(Settings());
        await first.ListeningAsync();
        var key = first.Output.Single(line => line.StartsWith("admin key: ", StringComparison.Ordinal))[11..];
        var client = await first.ClientAsync(http, key);

        (await client.SystemsAsync(CancellationToken.None)).ShouldBeEmpty();
        File.ReadAllText(Path.Combine(folder, "admin.key")).Trim().ShouldBe(key);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(folder, "admin.key"))
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        first.Terminate();
        (await first.ExitAsync()).Code.ShouldBe(0);

        using var second = WitnessProcess.Start(Settings());
        await second.ListeningAsync();
        second.Output.ShouldNotContain(line => line.Contains("admin key", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Wrong_settings_end_it_with_code_2_and_every_problem()
    {
        using var process = WitnessProcess.Start(Settings(("PORT", "x"), ("LOG_LEVEL", "loud")), "--check-config");

        var (code, errors) = await process.ExitAsync();

        code.ShouldBe(2);
        errors.ShouldContain("ZFS_SYNC_PORT");
        errors.ShouldContain("ZFS_SYNC_LOG_LEVEL");
    }

    [Fact]
    public async Task Right_settings_are_said_to_be_right()
    {
        using var process = WitnessProcess.Start(Settings(), "--check-config");

        (await process.ExitAsync()).Code.ShouldBe(0);
        Directory.GetFileSystemEntries(folder).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_one_clear_error()
    {
        File.WriteAllText(Path.Combine(folder, "zfs_sync.db"), new string('x', 10_000));

        await ShouldNeedAPersonAsync(Settings(), "damaged or no SQLite database");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_one_clear_error() =>
        await ShouldNeedAPersonAsync(
            Settings(("DATABASE_URL", "postgresql://u:hidden@127.0.0.1:1/db")),
            "The server was not reached"
        );

    [Fact]
    public async Task A_locked_database_is_one_clear_error()
    {
        var file = Path.Combine(folder, "zfs_sync.db");
        DatabaseUrl.TryParse($"sqlite:///{file}", out var url, out _).ShouldBeTrue();
        await using var database = ZfsSync.Witness.Storage.Database.Open(
            url!,
            new Microsoft.Extensions.Logging.Abstractions.NullLogger<ZfsSync.Witness.Storage.Database>()
        );
        await database.WriteAsync(
            async _ => await ShouldNeedAPersonAsync(Settings(), "Another program has locked"),
            CancellationToken.None
        );
    }

    [Fact]
    public async Task A_data_folder_that_cannot_be_made_is_one_clear_error()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");

        await ShouldNeedAPersonAsync(Settings(("DATA_DIR", Path.Combine(file, "below"))), "ZFS_SYNC_DATA_DIR");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_one_clear_error()
    {
        using var first = WitnessProcess.Start(Settings());
        var port = (await first.ListeningAsync()).Port;

        await ShouldNeedAPersonAsync(Settings(("PORT", port.ToString())), "ZFS_SYNC_PORT");
    }

    [Theory, DatabaseData]
    public async Task What_was_acknowledged_under_load_survives_kill_9(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind);
        var settings = Settings(("DATABASE_URL", database.Url), ("ADMIN_KEY", TestWitness.AdminKey));
        using var http = new HttpClient();
        var acknowledged = new System.Collections.Concurrent.ConcurrentBag<string>();
        using (var first = WitnessProcess.Start(settings))
        {
            var client = await first.ClientAsync(http, TestWitness.AdminKey);
            var hosts = await Task.WhenAll(Enumerable.Range(0, 4).Select(i => RegisterAsync(client, $"host{i}")));
            var enough = new TaskCompletionSource();
            var load = hosts.Select(host => LoadAsync(http, host.Id, acknowledged, enough)).ToList();
            await enough.Task.WaitAsync(TimeSpan.FromSeconds(60));
            await first.KillAsync();
            await Task.WhenAll(load);
        }

        using var again = new HttpClient();
        using var second = WitnessProcess.Start(settings);
        var survivor = await second.ClientAsync(again, TestWitness.AdminKey);
        var stored = (await survivor.SnapshotsAsync(null, null, CancellationToken.None))
            .Select(snapshot => $"{snapshot.SystemId} {snapshot.Name}")
            .ToHashSet(StringComparer.Ordinal);

        acknowledged.Count.ShouldBeGreaterThanOrEqualTo(60);
        acknowledged.Where(name => !stored.Contains(name)).ShouldBeEmpty();
    }

    private static async Task LoadAsync(
        HttpClient http,
        Guid system,
        System.Collections.Concurrent.ConcurrentBag<string> acknowledged,
        TaskCompletionSource enough
    )
    {
        for (var i = 0; ; i++)
        {
            var row =
                $$"""{"name":"s{{i}}","pool":"tank","dataset":"d{{i % 7}}","timestamp":{{i + 1}},"system_id":"{{system}}"}""";
            try
            {
                var answer = await http.PostAsync("snapshots", TestWitness.Json(row));
                answer.EnsureSuccessStatusCode();
            }
            catch (HttpRequestException)
            {
                return;
            }
            acknowledged.Add($"{system} s{i}");
            if (acknowledged.Count >= 60)
                enough.TrySetResult();
        }
    }

    private static Task<SystemResource> RegisterAsync(WitnessClient client, string hostname) =>
        client.RegisterAsync(
            new SystemRegistration { Hostname = hostname, Platform = "linux" },
            replace: false,
            CancellationToken.None
        );

    private static async Task ShouldNeedAPersonAsync(IReadOnlyDictionary<string, string> settings, string remedy)
    {
        using var process = WitnessProcess.Start(settings);
        var (code, errors) = await process.ExitAsync();
        code.ShouldBe(2, errors);
        errors.ShouldContain(remedy);
        errors.ShouldNotContain("   at ");
        errors.ShouldNotContain("hidden");
    }

    private Dictionary<string, string> Settings(params (string Name, string Value)[] more)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DATA_DIR"] = folder,
            ["PORT"] = "0",
            ["LOG_LEVEL"] = "WARNING",
        };
        foreach (var (name, value) in more)
            settings[name] = value;
        return settings;
    }
}

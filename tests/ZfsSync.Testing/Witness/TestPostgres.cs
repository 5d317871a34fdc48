using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace ZfsSync.Testing.Witness;

/// <summary>
/// A PostgreSQL server of the test process's own, in a temporary folder and reached through a socket in it. It starts
/// with the first test that needs it and ends with the process, even when that is killed. Each test gets a database
/// copied from a migrated template.
/// </summary>
internal sealed class TestPostgres
{
    private const string Template = "zfs_sync_template";

    // Reads its standard input, which is a pipe that we hold: when we die, it ends, and the server and its data with it.
    private const string Script = """
        set -e
        "$1/initdb" -D "$2/data" -A trust -U postgres --no-sync -E UTF8 --locale=C >"$2/initdb.log" 2>&1
        "$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c fsync=off -c full_page_writes=off \
            -c max_connections=300 -c shared_buffers=64MB -c autovacuum=off >"$2/postgres.log" 2>&1 &
        server=$!
        cat >/dev/null
        kill -QUIT $server
        wait $server || true
        rm -rf "$2"
        """;
    private static readonly string? Programs = FindPrograms();
    private static readonly Lazy<Task<TestPostgres>> Shared = new(StartAsync);
    private static int count;
    private readonly string folder;
    private readonly Process keeper;

    private TestPostgres(string folder, Process keeper)
    {
        this.folder = folder;
        this.keeper = keeper;
    }

    /// <summary>Why PostgreSQL's cases are skipped, or null: they run, or fail because this is CI.</summary>
    public static string? WhyMissing =>
        Programs is null && Environment.GetEnvironmentVariable("CI") != "true"
            ? "PostgreSQL is not installed (apt-get install postgresql)"
            : null;

    /// <summary>The URL of a new, migrated database (or an empty one).</summary>
    public static async Task<string> CreateDatabaseAsync(bool migrated = true)
    {
        var server = await Shared.Value;
        var name = string.Create(CultureInfo.InvariantCulture, $"test_{Interlocked.Increment(ref count)}");
        await server.ExecuteAsync($"create database {name} template {(migrated ? Template : "template0")}");
        return server.Url(name);
    }

    public static async Task DropDatabaseAsync(string url)
    {
        var name = new Uri(url).AbsolutePath.Trim('/');
        await (await Shared.Value).ExecuteAsync($"drop database if exists {name} with (force)");
    }

    private string Url(string database) =>
        $"postgresql://postgres@/{database}?host={Uri.EscapeDataString(folder)}&Maximum%20Pool%20Size=20".Replace(
            "postgres@/",
            "postgres@localhost/",
            StringComparison.Ordinal
        );

    private static async Task<TestPostgres> StartAsync()
    {
        if (Programs is null)
            throw new InvalidOperationException("PostgreSQL's programs are missing: apt-get install postgresql");
        var home = Directory.CreateTempSubdirectory("zfs-sync-pg-").FullName;
        var isRoot = Environment.IsPrivilegedProcess;
        if (isRoot)
            Process.Start("chown", ["postgres", home]).WaitForExit();
        string[] command = ["sh", "-c", Script, "sh", Programs, home];
        var start = isRoot
            ? new ProcessStartInfo("runuser", ["-u", "postgres", "--", .. command])
            : new ProcessStartInfo(command[0], command[1..]);
        start.RedirectStandardInput = true;
        start.WorkingDirectory = "/";
        var server = new TestPostgres(home, Process.Start(start)!);
        await server.AnswersAsync();
        await server.ExecuteAsync($"create database {Template} template template0");
        await using (var migrated = await TestWitness.StartAsync(server.Url(Template)))
            await migrated.StopAsync();
        return server;
    }

    private async Task AnswersAsync()
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await ExecuteAsync("select 1");
                return;
            }
            catch (Exception) when (started.Elapsed < TimeSpan.FromSeconds(60) && !keeper.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            }
        }
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            $"Host={folder};Username=postgres;Database=postgres;Pooling=false"
        );
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static string? FindPrograms()
    {
        const string debian = "/usr/lib/postgresql";
        var folders = Directory.Exists(debian)
            ? Directory.GetDirectories(debian).OrderDescending(StringComparer.Ordinal).Select(v => $"{v}/bin")
            : [];
        var path = Environment.GetEnvironmentVariable("PATH")?.Split(':') ?? [];
        return folders.Concat(path).FirstOrDefault(f => File.Exists($"{f}/initdb") && File.Exists($"{f}/postgres"));
    }
}

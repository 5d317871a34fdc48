using System.Collections;
using Shouldly;
using Xunit;
using ZfsSync.Witness.Hosting;

namespace ZfsSync.Tests.Witness.Startup;

public sealed class OptionsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("zfs-sync-options-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_environment_wins_over_the_file_and_the_file_over_defaults()
    {
        var (options, problems) = Read(
            "port: 9001\nhost: 0.0.0.0\ncors_origins: [https://a.example]\n",
            ("PORT", "9002")
        );

        problems.ShouldBeEmpty();
        options!.Port.ShouldBe(9002);
        options.Host.ShouldBe("0.0.0.0");
        options.CorsOrigins.ShouldBe(["https://a.example"]);
        options.HeartbeatTimeoutSeconds.ShouldBe(300);
    }

    [Fact]
    public void A_file_may_be_JSON()
    {
        var (options, problems) = Read("""{"port": 9001, "log_format": "json"}""");

        problems.ShouldBeEmpty();
        options!.Port.ShouldBe(9001);
        options.LogJson.ShouldBeTrue();
    }

    [Fact]
    public void Every_problem_is_reported_at_once_with_the_key_to_set()
    {
        var (options, problems) = Read(
            "prot: 9001\nlog_level: loud\n",
            ("PORT", "70000"),
            ("DATABASE_URL", "mysql://u:hush@h/db"),
            ("ADMIN_KEY", "short"),
            ("TLS_CERTIFICATE", "/nowhere.pem"),
            ("API_PREFIX", "api")
        );

        options.ShouldBeNull();
        var all = string.Join('\n', problems);
        all.ShouldContain("prot in ");
        all.ShouldContain("log_level in ");
        all.ShouldContain("ZFS_SYNC_PORT is '70000'; it must be a whole number from 0 to 65535");
        all.ShouldContain("ZFS_SYNC_DATABASE_URL must be sqlite");
        all.ShouldContain("ZFS_SYNC_ADMIN_KEY");
        all.ShouldContain("ZFS_SYNC_TLS_CERTIFICATE");
        all.ShouldContain("ZFS_SYNC_API_PREFIX");
        all.ShouldNotContain("hush");
    }

    [Theory]
    [InlineData("sqlite:////var/lib/zfs-sync/zfs_sync.db", "/var/lib/zfs-sync/zfs_sync.db")]
    [InlineData("sqlite:///data.db", "data.db")]
    public void A_SQLite_URL_names_a_file(string text, string path)
    {
        DatabaseUrl.TryParse(text, out var url, out _).ShouldBeTrue();

        url!.SqlitePath.ShouldBe(path);
    }

    [Fact]
    public void A_PostgreSQL_URL_is_read_whole_and_shown_without_its_password()
    {
        DatabaseUrl
            .TryParse("postgresql://ann:p%40ss@db.example:5433/fleet?sslmode=Require", out var url, out _)
            .ShouldBeTrue();

        var connection = new Npgsql.NpgsqlConnectionStringBuilder(url!.PostgresConnection);
        connection.Host.ShouldBe("db.example");
        connection.Port.ShouldBe(5433);
        connection.Username.ShouldBe("ann");
        connection.Password.ShouldBe("p@ss");
        connection.Database.ShouldBe("fleet");
        connection.SslMode.ShouldBe(Npgsql.SslMode.Require);
        url.Shown.ShouldBe("postgresql://db.example:5433/fleet");
    }

    [Theory]
    [InlineData("postgresql://h")]
    [InlineData("postgresql://h/db?colour=blue")]
    [InlineData("sqlite://")]
    [InlineData("zfs_sync.db")]
    public void Other_URLs_are_refused(string text) => DatabaseUrl.TryParse(text, out _, out _).ShouldBeFalse();

    private (WitnessOptions? Options, IReadOnlyList<string> Problems) Read(
        string file,
        params (string Name, string Value)[] environment
    )
    {
        var path = Path.Combine(folder, "zfs_sync.yaml");
        File.WriteAllText(path, file);
        var variables = new Hashtable { ["ZFS_SYNC_DATA_DIR"] = folder };
        foreach (var (name, value) in environment)
            variables["ZFS_SYNC_" + name] = value;
        return WitnessOptionsReader.Read(path, variables);
    }
}

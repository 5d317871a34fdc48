using System.Net;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Systems;
using ZfsSync.Testing.Witness;

namespace ZfsSync.Tests.Witness.Api;

public sealed class HostHealthTests
{
    [Theory, DatabaseData, Trait("Scenario", "98")]
    public async Task A_host_that_is_silent_for_too_long_is_offline(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        await witness.JoinAsync("beta");
        await witness.Http(host.Key).PostAsync($"systems/{host.Id}/heartbeat", null);

        (await StatusAsync()).ShouldBe(ConnectivityStatus.Online);
        witness.Time.Advance(TimeSpan.FromSeconds(301));
        (await StatusAsync()).ShouldBe(ConnectivityStatus.Offline);

        var offline = await witness.Http().GetStringAsync("systems/health/offline");
        offline.ShouldContain("Silent for 301 seconds");
        offline.ShouldNotContain("beta");
        (await witness.Http().GetStringAsync("systems/health/all")).ShouldContain("beta");

        async Task<ConnectivityStatus> StatusAsync() =>
            (await witness.Admin.SystemAsync(host.Id, CancellationToken.None)).ConnectivityStatus;
    }

    [Theory, DatabaseData]
    public async Task A_host_is_changed_in_part_and_removed_with_its_inventory(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        await new HostReports(witness, host).SendAsync(HostReports.Dataset("tank", 1));

        var update = new SystemUpdate
        {
            SshPort = 2222,
            SshUser = "",
            Labels = new Dictionary<string, string> { ["site"] = "north" },
        };
        var changed = await witness.Admin.UpdateSystemAsync(host.Id, update, CancellationToken.None);
        await witness.Admin.DeleteSystemAsync(host.Id, CancellationToken.None);

        changed.Hostname.ShouldBe("alpha");
        changed.SshPort.ShouldBe(2222);
        changed.SshUser.ShouldBeNull();
        changed.SshHostname.ShouldBe("alpha.example");
        changed.Labels["site"].ShouldBe("north");
        (await witness.Http().GetAsync("snapshots")).Headers.GetValues("X-Total-Count").ShouldBe(["0"]);
        (await witness.Http(host.Key).GetAsync("systems")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("-oProxyCommand=evil")]
    [InlineData("a b")]
    [InlineData("a;reboot")]
    [InlineData("$(reboot)")]
    [InlineData("")]
    public async Task Names_that_a_shell_or_ssh_could_misread_are_refused(string hostile)
    {
        await using var witness = await TestWitness.StartAsync();
        var registration = System.Text.Json.JsonSerializer.Serialize(
            new Dictionary<string, object>
            {
                ["hostname"] = hostile,
                ["platform"] = "linux",
                ["ssh_hostname"] = hostile,
                ["ssh_user"] = hostile,
            }
        );

        var answer = await witness.Http().PostAsync("systems/register", TestWitness.Json(registration));

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Theory, DatabaseData]
    public async Task Health_tells_version_and_database_without_a_key(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);

        var health = await witness.Client(null).HealthAsync(CancellationToken.None);
        using var http = new HttpClient();
        var ready = await http.GetStringAsync(new Uri(witness.Address, "/health/ready"));

        health.Status.ShouldBe("healthy");
        health.Database.ShouldBe("connected");
        ready.ShouldContain("\"ready\"");
    }
}

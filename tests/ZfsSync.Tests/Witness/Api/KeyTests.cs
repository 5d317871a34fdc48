using System.Net;
using Shouldly;
using Xunit;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Keys;
using ZfsSync.Contracts.Systems;
using ZfsSync.Testing.Witness;

namespace ZfsSync.Tests.Witness.Api;

public sealed class KeyTests
{
    [Theory, DatabaseData]
    public async Task A_key_is_shown_once_and_works_until_it_is_revoked(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var made = await CreateAsync(witness, new KeyRequest { Kind = KeyKind.Viewer, Name = "ann" });
        var http = witness.Http(made.ApiKey);

        (await http.GetAsync("systems")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.GetAsync("keys")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        var listed = (await witness.Admin.KeysAsync(CancellationToken.None)).Single(key => key.Id == made.Id);
        listed.ApiKey.ShouldBeNull();
        made.ApiKey!.ShouldStartWith($"zs_{listed.Prefix}_");
        (await witness.Http().DeleteAsync($"keys/{made.Id}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await http.GetAsync("systems")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, DatabaseData]
    public async Task A_key_expires(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var made = await CreateAsync(
            witness,
            new KeyRequest
            {
                Kind = KeyKind.Operator,
                Name = "ann",
                ExpiresSeconds = 60,
            }
        );

        (await witness.Http(made.ApiKey).GetAsync("systems")).StatusCode.ShouldBe(HttpStatusCode.OK);
        witness.Time.Advance(TimeSpan.FromSeconds(60));
        (await witness.Http(made.ApiKey).GetAsync("systems")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, DatabaseData]
    public async Task An_enrollment_key_registers_as_many_hosts_as_it_says_and_nothing_else(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var made = await CreateAsync(
            witness,
            new KeyRequest
            {
                Kind = KeyKind.Enrollment,
                Name = "rack 1",
                MaxUses = 2,
            }
        );
        var client = witness.Client(made.ApiKey);

        await RegisterAsync("alpha");
        (await witness.Http(made.ApiKey).GetAsync("systems")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await Should.ThrowAsync<WitnessException>(() => RegisterAsync("alpha"))).Code.ShouldBe(ProblemCodes.Exists);
        await RegisterAsync("beta");
        (await Should.ThrowAsync<WitnessException>(() => RegisterAsync("gamma"))).Status.ShouldBe(401);

        Task<SystemResource> RegisterAsync(string hostname) =>
            client.RegisterAsync(
                new SystemRegistration { Hostname = hostname, Platform = "linux" },
                replace: false,
                CancellationToken.None
            );
    }

    [Theory, DatabaseData]
    public async Task A_rotated_key_of_a_host_keeps_working_for_the_grace(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");

        var rotated = await witness
            .Http(host.Key)
            .PostAsync($"systems/{host.Id}/api-key/rotate?grace_seconds=60", null);
        rotated.StatusCode.ShouldBe(HttpStatusCode.OK);

        (await witness.Http(host.Key).GetAsync($"systems/{host.Id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        witness.Time.Advance(TimeSpan.FromSeconds(60));
        (await witness.Http(host.Key).GetAsync($"systems/{host.Id}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory, DatabaseData]
    public async Task A_host_that_is_replaced_keeps_its_id_and_loses_its_old_key(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");

        var again = await witness.Admin.RegisterAsync(
            new SystemRegistration { Hostname = "alpha", Platform = "freebsd" },
            replace: true,
            CancellationToken.None
        );

        again.Id.ShouldBe(host.Id);
        (await witness.Http(host.Key).GetAsync($"systems/{host.Id}")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await witness.Http(again.ApiKey).GetAsync($"systems/{host.Id}")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, DatabaseData]
    public async Task A_host_reads_and_writes_only_its_own_rows(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var (alpha, beta) = (await witness.JoinAsync("alpha"), await witness.JoinAsync("beta"));
        var http = witness.Http(alpha.Key);

        (await http.GetAsync($"systems/{beta.Id}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await http.PostAsync($"systems/{beta.Id}/heartbeat", null)).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await http.DeleteAsync($"systems/{alpha.Id}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await http.GetAsync($"snapshots?system_id={beta.Id}")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await http.GetAsync("systems")).Headers.GetValues("X-Total-Count").ShouldBe(["1"]);
        (await http.PostAsync($"systems/{alpha.Id}/heartbeat", null)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Theory, DatabaseData]
    public async Task The_last_use_is_written_within_a_minute_and_not_by_the_request(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var made = await CreateAsync(witness, new KeyRequest { Kind = KeyKind.Viewer, Name = "ann" });
        await witness.Http(made.ApiKey).GetAsync("systems");
        var uses = (ZfsSync.Witness.Callers.KeyUses)
            witness.Services.GetService(typeof(ZfsSync.Witness.Callers.KeyUses))!;

        (await LastUsedAsync()).ShouldBeNull();
        // A write that fails loses nothing.
        await Should.ThrowAsync<OperationCanceledException>(() =>
            uses.WriteAsync(new CancellationToken(canceled: true))
        );
        await uses.WriteAsync(CancellationToken.None);
        (await LastUsedAsync()).ShouldBe(witness.Time.GetUtcNow());

        async Task<DateTimeOffset?> LastUsedAsync() =>
            (await witness.Admin.KeysAsync(CancellationToken.None)).Single(key => key.Id == made.Id).LastUsedAt;
    }

    private static Task<KeyResource> CreateAsync(TestWitness witness, KeyRequest request) =>
        witness.Admin.CreateKeyAsync(request, CancellationToken.None);
}

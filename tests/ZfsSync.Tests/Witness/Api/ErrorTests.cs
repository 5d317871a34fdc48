using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using ZfsSync.Contracts;
using ZfsSync.Testing.Witness;
using ZfsSync.Witness.Features.Systems;

namespace ZfsSync.Tests.Witness.Api;

public sealed class ErrorTests
{
    [Theory, Trait("Scenario", "93")]
    [InlineData("systems/00000000-0000-0000-0000-000000000001", 404, ProblemCodes.NotFound)]
    [InlineData("systems/00000000-0000-0000-0000-000000000001/health", 404, ProblemCodes.NotFound)]
    [InlineData("snapshots/00000000-0000-0000-0000-000000000001", 404, ProblemCodes.NotFound)]
    [InlineData("no/such/path", 404, ProblemCodes.NotFound)]
    [InlineData("systems/not-a-uuid", 400, ProblemCodes.InvalidInput)]
    [InlineData("systems?limt=5", 400, ProblemCodes.InvalidInput)]
    [InlineData("systems?limit=1001", 400, ProblemCodes.InvalidInput)]
    [InlineData("systems?skip=-1", 400, ProblemCodes.InvalidInput)]
    [InlineData("systems?limit=many", 400, ProblemCodes.InvalidInput)]
    [InlineData("systems?limit=1&limit=2", 400, ProblemCodes.InvalidInput)]
    [InlineData("snapshots/gaps?dataset=a", 400, ProblemCodes.InvalidInput)]
    [InlineData("snapshots/compare-dataset?dataset=a&system_ids=x", 400, ProblemCodes.InvalidInput)]
    [InlineData("systems/00000000-0000-0000-0000-000000000001/heartbeat", 405, ProblemCodes.MethodNotAllowed)]
    public async Task Every_error_has_one_shape(string path, int status, string code)
    {
        await using var witness = await TestWitness.StartAsync();

        var answer = await witness.Http().GetAsync(path);

        await ShouldBeProblemAsync(answer, status, code);
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_is_refused_with_the_place()
    {
        await using var witness = await TestWitness.StartAsync();

        var form = await witness.Http().PostAsync("systems", new StringContent("a=b", Encoding.UTF8, "text/plain"));
        var cut = await witness.Http().PostAsync("systems", TestWitness.Json("{\n  \"hostname\": "));
        var twice = await witness
            .Http()
            .PostAsync("systems", TestWitness.Json("""{"hostname":"a","hostname":"b","platform":"linux"}"""));

        await ShouldBeProblemAsync(form, 415, ProblemCodes.UnsupportedMediaType);
        (await ShouldBeProblemAsync(cut, 400, ProblemCodes.InvalidInput)).ShouldContain("line 2");
        (await ShouldBeProblemAsync(twice, 400, ProblemCodes.InvalidInput)).ShouldContain("twice");
    }

    [Fact]
    public async Task Too_many_bytes_or_rows_are_refused_with_the_setting()
    {
        await using var witness = await TestWitness.StartAsync(
            DatabaseKind.Sqlite,
            options => options with { MaxRequestBytes = 2000, MaxRequestRows = 1 }
        );
        var row = $$"""{"name":"a","pool":"p","dataset":"d","timestamp":1,"system_id":"{{Guid.Empty}}"}""";

        var bytes = await witness.Http().PostAsync("systems", TestWitness.Json(new string(' ', 3000) + "{}"));
        var rows = await witness.Http().PostAsync("snapshots/batch", TestWitness.Json($"[{row},{row}]"));

        (await ShouldBeProblemAsync(bytes, 413, ProblemCodes.TooLarge)).ShouldContain("MAX_REQUEST_BYTES");
        (await ShouldBeProblemAsync(rows, 413, ProblemCodes.TooLarge)).ShouldContain("MAX_REQUEST_ROWS");
    }

    [Fact]
    public async Task A_fault_of_the_witness_is_a_problem_with_a_trace()
    {
        await using var witness = await TestWitness.StartAsync(
            DatabaseKind.Sqlite,
            null,
            services => services.AddSingleton<SystemStore>(_ => throw new InvalidOperationException("secret detail"))
        );

        var answer = await witness.Http().GetAsync("systems");

        var detail = await ShouldBeProblemAsync(answer, 500, ProblemCodes.Internal);
        detail.ShouldContain("trace");
        detail.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Wrong_keys_are_refused_and_after_many_made_to_wait()
    {
        await using var witness = await TestWitness.StartAsync();
        var wrong = witness.Http("zs_0123456789ab_wrong");

        for (var i = 0; i < 20; i++)
            (await wrong.GetAsync("systems")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var blocked = await wrong.GetAsync("systems");
        var right = await witness.Http().GetAsync("systems");
        witness.Time.Advance(TimeSpan.FromMinutes(1));
        var later = await wrong.GetAsync("systems");

        await ShouldBeProblemAsync(blocked, 429, ProblemCodes.TooManyRequests);
        blocked.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(60));
        right.StatusCode.ShouldBe(HttpStatusCode.OK);
        later.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_witness_on_loopback_answers_to_loopback_names_only()
    {
        await using var witness = await TestWitness.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "systems");
        request.Headers.Host = "evil.example";

        var answer = await witness.Http().SendAsync(request);

        (await ShouldBeProblemAsync(answer, 400, ProblemCodes.InvalidInput)).ShouldContain("ALLOWED_HOSTS");
        answer.Headers.GetValues("X-Frame-Options").ShouldBe(["DENY"]);
    }

    [Fact]
    public async Task The_key_is_taken_from_either_header()
    {
        await using var witness = await TestWitness.StartAsync();
        var http = witness.Http(null);
        http.DefaultRequestHeaders.Add("X-API-Key", TestWitness.AdminKey);
        var bearer = witness.Http(null);
        bearer.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("bearer", TestWitness.AdminKey);

        (await http.GetAsync("systems")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await bearer.GetAsync("systems")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<string> ShouldBeProblemAsync(HttpResponseMessage answer, int status, string code)
    {
        var text = await answer.Content.ReadAsStringAsync();
        ((int)answer.StatusCode).ShouldBe(status, text);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        using var problem = JsonDocument.Parse(text);
        problem.RootElement.GetProperty("status_code").GetInt32().ShouldBe(status);
        problem.RootElement.GetProperty("code").GetString().ShouldBe(code);
        return problem.RootElement.GetProperty("detail").GetString()!;
    }
}

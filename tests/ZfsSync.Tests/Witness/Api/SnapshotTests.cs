using System.Net;
using System.Text.Json;
using Shouldly;
using Xunit;
using ZfsSync.Testing.Witness;

namespace ZfsSync.Tests.Witness.Api;

public sealed class SnapshotTests
{
    private static string Row(Guid system, string name, string more = "") =>
        $$"""{"name":"{{name}}","pool":"tank","dataset":"data","timestamp":"2026-01-01T00:00:00Z","system_id":"{{system}}"{{more}}}""";

    [Theory, DatabaseData, Trait("Scenario", "80")]
    public async Task A_batch_repeated_leaves_one_row_of_each(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var http = witness.Http(host.Key);
        var batch = $"[{Row(host.Id, "a")},{Row(host.Id, "b")}]";

        (await PostAsync(http, "snapshots/batch", batch)).ShouldContain("\"created\":2");
        (await PostAsync(http, "snapshots/batch", batch)).ShouldContain("\"unchanged\":2");
        (await PostAsync(http, "snapshots/batch", $$"""{"snapshots":{{batch}}}""")).ShouldContain("\"unchanged\":2");

        (await http.GetAsync("snapshots")).Headers.GetValues("X-Total-Count").ShouldBe(["2"]);
    }

    [Theory, DatabaseData, Trait("Scenario", "84")]
    public async Task The_same_dataset_in_two_pools_is_two(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var http = witness.Http(host.Key);
        var other = Row(host.Id, "a").Replace("tank", "pond", StringComparison.Ordinal);

        await PostAsync(http, "snapshots/batch", $"[{Row(host.Id, "a")},{other}]");

        (await TotalAsync(http, "snapshots?dataset=data")).ShouldBe(2);
        (await TotalAsync(http, "snapshots?dataset=pond/data")).ShouldBe(1);
        (await TotalAsync(http, "snapshots?pool=tank&dataset=data")).ShouldBe(1);
    }

    [Theory, DatabaseData]
    public async Task A_dataset_with_or_without_its_pool_is_the_same(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var http = witness.Http(host.Key);
        var whole = Row(host.Id, "tank/data@a").Replace("\"data\"", "\"tank/data\"", StringComparison.Ordinal);

        var first = await PostAsync(http, "snapshots", Row(host.Id, "a"));
        var second = await PostAsync(http, "snapshots", whole);

        Id(second).ShouldBe(Id(first));
        first.ShouldContain("\"dataset\":\"tank/data\"");
        (await http.GetAsync($"snapshots/{Id(first)}")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.DeleteAsync($"snapshots/{Id(first)}")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await http.GetAsync($"snapshots/{Id(first)}")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Theory, DatabaseData, Trait("Scenario", "87")]
    public async Task A_batch_with_a_foreign_row_is_refused_whole(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var (alpha, beta) = (await witness.JoinAsync("alpha"), await witness.JoinAsync("beta"));

        var answer = await witness
            .Http(alpha.Key)
            .PostAsync("snapshots/batch", TestWitness.Json($"[{Row(alpha.Id, "a")},{Row(beta.Id, "b")}]"));

        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("Row 1");
        (await TotalAsync(witness.Http(), "snapshots")).ShouldBe(0);
    }

    [Theory, DatabaseData, Trait("Scenario", "88")]
    public async Task Every_wrong_field_of_every_row_is_named(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var wrongType = Row(host.Id, "b", ",\"size\":\"big\",\"colour\":1");
        var wrongName = Row(host.Id, "a/b").Replace("2026-01-01T00:00:00Z", "yesterday", StringComparison.Ordinal);

        var types = await ErrorsAsync(witness.Http(host.Key), $"[{Row(host.Id, "a")},{wrongType},{{}}]");
        var values = await ErrorsAsync(witness.Http(host.Key), $"[{Row(host.Id, "a")},{wrongName}]");

        types.ShouldContain("[1].size");
        types.ShouldContain("[1].colour");
        types.ShouldContain("[2].system_id");
        values.ShouldBe(["[1].name", "[1].timestamp"], ignoreOrder: true);
        (await TotalAsync(witness.Http(), "snapshots")).ShouldBe(0);
    }

    [Theory]
    [InlineData("\"2026-01-31T12:00:00Z\"")]
    [InlineData("\"2026-01-31T12:00:00\"")]
    [InlineData("\"2026-01-31 12:00:00\"")]
    [InlineData("\"2026-01-31T13:00:00+01:00\"")]
    [InlineData("\"2026-01-31T07:00:00-05:00\"")]
    [InlineData("\"2026-01-31T13:00:00+0100\"")]
    [InlineData("1769860800")]
    [InlineData("\"1769860800\"")]
    [InlineData("1769860800.0")]
    public void A_time_is_read_in_every_form_that_clients_send(string json)
    {
        using var document = JsonDocument.Parse(json);

        ZfsSync
            .Witness.Features.Snapshots.SnapshotInput.Instant(document.RootElement)
            .ShouldBe(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero));
    }

    [Theory, DatabaseData]
    public async Task Hosts_with_and_without_guids_are_compared_by_name_and_second(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var (alpha, beta) = (await witness.JoinAsync("alpha"), await witness.JoinAsync("beta"));
        await PostAsync(witness.Http(), "snapshots", Row(alpha.Id, "a", ",\"guid\":\"5\""));
        await PostAsync(witness.Http(), "snapshots", Row(alpha.Id, "b", ",\"guid\":\"6\""));
        await PostAsync(
            witness.Http(),
            "snapshots",
            Row(beta.Id, "a").Replace("tank", "pond", StringComparison.Ordinal)
        );

        var comparison = await witness.Admin.CompareAsync("data", [alpha.Id, beta.Id], CancellationToken.None);
        var gaps = await witness
            .Http()
            .GetStringAsync($"snapshots/gaps?dataset=data&system_ids={alpha.Id}&system_ids={beta.Id}");
        var differences = await witness
            .Http()
            .GetStringAsync($"snapshots/differences?dataset=data&system_id_1={alpha.Id}&system_id_2={beta.Id}");
        var timeline = await witness.Http().GetStringAsync($"snapshots/timeline?dataset=data&system_ids={alpha.Id}");

        comparison.CommonSnapshots.ShouldBe(["a"]);
        comparison.MissingSnapshots[beta.Id.ToString()].ShouldBe(["b"]);
        gaps.ShouldContain("\"missing_snapshot\":\"b\"");
        differences.ShouldContain("\"only_in_system_1\":[\"b\"]");
        timeline.ShouldContain("\"total_count\":2");
    }

    [Theory, DatabaseData]
    public async Task A_snapshot_without_guid_goes_on_under_the_guid_that_becomes_known(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        await PostAsync(witness.Http(), "snapshots", Row(host.Id, "a", ",\"size\":77"));

        var known = await PostAsync(witness.Http(), "snapshots", Row(host.Id, "a", ",\"guid\":\"9\""));
        var later = await PostAsync(witness.Http(), "snapshots", Row(host.Id, "a"));

        (await TotalAsync(witness.Http(), "snapshots")).ShouldBe(1);
        known.ShouldContain("\"guid\":\"9\"");
        Id(later).ShouldBe(Id(known));
    }

    [Theory, DatabaseData]
    public async Task Statistics_count_per_dataset(DatabaseKind kind)
    {
        await using var witness = await TestWitness.StartAsync(kind);
        var host = await witness.JoinAsync("alpha");
        var later = Row(host.Id, "b", ",\"size\":5000000000,\"referenced\":30")
            .Replace("-01T", "-02T", StringComparison.Ordinal);
        await PostAsync(
            witness.Http(),
            "snapshots/batch",
            $"[{Row(host.Id, "a", ",\"size\":10,\"referenced\":20")},{later}]"
        );

        var statistics = await witness.Http(host.Key).GetStringAsync($"snapshots/statistics/{host.Id}");
        var history = await witness.Http(host.Key).GetStringAsync("snapshots/history?dataset=data&days=60");

        statistics.ShouldContain("\"total_snapshots\":2");
        statistics.ShouldContain("\"total_size\":5000000010");
        statistics.ShouldContain("\"growth_bytes\":10");
        history.ShouldContain("\"count\":2");
    }

    private static async Task<string> PostAsync(HttpClient http, string path, string json)
    {
        var answer = await http.PostAsync(path, TestWitness.Json(json));
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, text);
        return text;
    }

    private static async Task<IEnumerable<string>> ErrorsAsync(HttpClient http, string batch)
    {
        var answer = await http.PostAsync("snapshots/batch", TestWitness.Json(batch));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        using var problem = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return [.. problem.RootElement.GetProperty("errors").EnumerateObject().Select(error => error.Name)];
    }

    private static async Task<int> TotalAsync(HttpClient http, string path) =>
        int.Parse((await http.GetAsync(path)).Headers.GetValues("X-Total-Count").Single());

    private static string Id(string snapshot)
    {
        using var document = JsonDocument.Parse(snapshot);
        return document.RootElement.GetProperty("id").GetString()!;
    }
}

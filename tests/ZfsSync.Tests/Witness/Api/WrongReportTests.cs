using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Json;
using ZfsSync.Contracts.Reports;
using ZfsSync.Core.Snapshots;
using ZfsSync.Testing.Witness;

namespace ZfsSync.Tests.Witness.Api;

/// <summary>Every value of a report, and of a script's row, replaced by what it cannot be, one at a time.</summary>
public sealed class WrongReportTests
{
    private static readonly string[] Wrong =
    [
        "null",
        "\"\"",
        "-1",
        "1.5",
        "0",
        "\"0\"",
        "18446744073709551615",
        "18446744073709551616",
        "\"18446744073709551616\"",
        "1e400",
        "true",
        "[]",
        "[null]",
        "{}",
        "{\"no_such_field\":1}",
        "\"a\\u0000b\"",
        "\"../@#%\"",
        "\"\\ud800\"",
        "\"9999-12-31T23:59:59.9999999Z\"",
        "\"0001-01-01T00:00:00Z\"",
        $"\"{new string('x', 300)}\"",
    ];

    [Fact, Trait("Scenario", "88")]
    public async Task Whatever_is_wrong_with_a_report_is_refused_by_its_field_and_never_a_fault()
    {
        await using var witness = await TestWitness.StartAsync();
        var host = await witness.JoinAsync("alpha");
        var reports = new HostReports(witness, host);
        var report = JsonSerializer.SerializeToNode(Whole(reports), WireJson.Default.InventoryReport)!;
        await ShouldBeNamedAsync(witness.Http(host.Key), $"systems/{host.Id}/reports", report, "sequence");
    }

    [Fact, Trait("Scenario", "88")]
    public async Task Whatever_is_wrong_with_a_scripts_row_is_refused_by_its_field_and_never_a_fault()
    {
        await using var witness = await TestWitness.StartAsync();
        var host = await witness.JoinAsync("alpha");
        var row = JsonNode.Parse(
            $$$"""
            {"name":"a","pool":"tank","dataset":"data","timestamp":"2026-01-31T12:00:00Z","size":1,"used":1,"referenced":1,
            "guid":"7","createtxg":7,"system_id":"{{{host.Id}}}","extra_metadata":{"x":1}}
            """
        )!;
        await ShouldBeNamedAsync(witness.Http(host.Key), "snapshots/batch", new JsonArray(row), null);
    }

    [Theory]
    [InlineData("snapshots[0].guid", "\"0\"", "must be from 1 to 18446744073709551615")]
    [InlineData("bookmarks[0].guid", "\"0\"", "must be from 1 to 18446744073709551615")]
    [InlineData("snapshots[0].createtxg", "0", "must be from 1 to 9223372036854775807")]
    [InlineData("snapshots[0].used", "18446744073709551615", "must not be more than 9223372036854775807 bytes")]
    [InlineData("snapshots[0].creation", "-1", "must be seconds since 1970")]
    [InlineData("written", "18446744073709551615", "must not be more than")]
    [InlineData("dataset_guid", "\"0\"", "must be a decimal number from 1")]
    [InlineData("receive_resume_token", "\"1-A b\"", "digits, small letters and hyphens")]
    public async Task A_value_out_of_range_is_named_with_what_is_allowed(string field, string value, string text)
    {
        await using var witness = await TestWitness.StartAsync();
        var host = await witness.JoinAsync("alpha");
        var report = JsonSerializer.SerializeToNode(
            Whole(new HostReports(witness, host)),
            WireJson.Default.InventoryReport
        )!;
        var dataset = (JsonObject)report["datasets"]![1]!;
        var parts = field.Split('[', ']', '.').Where(part => part.Length > 0).ToArray();
        if (parts.Length == 3)
            dataset[parts[0]]![0]![parts[2]] = JsonNode.Parse(value);
        else
            dataset[field] = JsonNode.Parse(value);
        var answer = await witness
            .Http(host.Key)
            .PostAsync($"systems/{host.Id}/reports", TestWitness.Json(report.ToJsonString()));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        problem["errors"]![$"datasets[1].{field}"]![0]!.GetValue<string>().ShouldContain(text);
        (await witness.Admin.SnapshotsAsync(host.Id, null, default)).ShouldBeEmpty();
    }

    private static InventoryReport Whole(HostReports reports)
    {
        var data = HostReports.Dataset("tank/data", 1, 2) with
        {
            Bookmarks = [new Bookmark(new SnapshotGuid(1), "b1", 1)],
            DatasetGuid = 77,
            Encryption = new DatasetEncryption(DatasetName.Parse("tank/data"), true),
            Origin = SnapshotName.Parse("tank/other@x"),
            ReceiveResumeToken = "1-abc-def",
            WrittenBytes = 1,
            UsedBytes = 2,
            ReferencedBytes = 3,
            AvailableBytes = 4,
        };
        var datasets = new[] { HostReports.Dataset("tank"), data };
        return reports.Head(["tank"], datasets) with
        {
            AnswersRequest = DateTimeOffset.UnixEpoch,
            Pools = [new ReportedPool("tank", "5", 10, 5, "ONLINE")],
            Datasets = [.. datasets.Select(d => HostReports.Dataset(d))],
            Part = new ReportPart(0, 1),
        };
    }

    /// <summary>Each answer is a 2xx, or a refusal that names the field that was changed, or one that it belongs to.</summary>
    private static async Task ShouldBeNamedAsync(HttpClient http, string path, JsonNode whole, string? counter)
    {
        var count = 0L;
        foreach (var place in Places(whole).ToList())
        {
            foreach (var wrong in Wrong)
            {
                var text = With(whole, place, wrong, counter, ++count);
                var answer = await http.PostAsync(path, TestWitness.Json(text));
                var said = await answer.Content.ReadAsStringAsync();
                var what = $"{place} = {wrong}: {(int)answer.StatusCode} {said}";
                // Another id of the agent is another agent, for which the witness has an answer of its own.
                if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.Conflict)
                    continue;
                ((int)answer.StatusCode).ShouldBeInRange(400, 499, what);
                var first = place.Split('.', '[', ']').FirstOrDefault(part => !part.All(char.IsDigit), "");
                said.ShouldContain(first, Case.Sensitive, what);
            }
        }
        count.ShouldBeGreaterThan(100);
    }

    private static string With(JsonNode whole, string place, string value, string? counter, long count)
    {
        var marked = whole.DeepClone();
        if (counter is not null)
            marked[counter] = count;
        var at = marked;
        var parts = place.Split('.', '[', ']').Where(part => part.Length > 0).ToArray();
        foreach (var part in parts[..^1])
            at = at is JsonArray list ? list[int.Parse(part, null)]! : at[part]!;
        const string mark = "\"here-it-is\"";
        if (at is JsonArray items)
            items[int.Parse(parts[^1], null)] = JsonNode.Parse(mark);
        else
            at[parts[^1]] = JsonNode.Parse(mark);
        return marked.ToJsonString().Replace(mark, value, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Places(JsonNode? node, string path = "") =>
        node switch
        {
            JsonObject members => members.SelectMany(member =>
                Places(member.Value, path.Length == 0 ? member.Key : $"{path}.{member.Key}")
                    .Prepend(path.Length == 0 ? member.Key : $"{path}.{member.Key}")
            ),
            JsonArray items => items.SelectMany((item, i) => Places(item, $"{path}[{i}]").Prepend($"{path}[{i}]")),
            _ => [],
        };
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Systems;
using ZfsSync.Testing.Witness;

namespace ZfsSync.Tests.Witness.Sync;

public sealed class SyncApiTests
{
    [Fact]
    [Trait("Scenario", "89")]
    public async Task A_hub_ahead_of_three_targets_gives_each_its_own_instruction()
    {
        await using var room = await FleetRoom.OpenAsync();
        var hub = await room.JoinAsync("hub");
        await room.ReportAsync(hub, "h", ("h/d", "1 2 3"));
        var targets = new List<TestHost>();
        foreach (var name in new[] { "t1", "t2", "t3" })
        {
            targets.Add(await room.JoinAsync(name));
            await room.ReportAsync(targets[^1], name, ($"{name}/d", "1"));
        }
        var group = await room.GroupAsync(hub, [.. targets]);
        await room.CheckAsync(group.Id);
        foreach (var target in targets)
        {
            var answer = await room.GetAsync($"sync/instructions/{target.Id}?include_commands=true", target.Key);
            answer.GetProperty("action_count").GetInt32().ShouldBe(1);
            var action = answer.GetProperty("actions")[0];
            action.GetProperty("target_system_id").GetGuid().ShouldBe(target.Id);
            action.GetProperty("source_ssh_hostname").GetString().ShouldBe("hub.example");
            action.GetProperty("incremental_base").GetString().ShouldBe("s1");
            action.GetProperty("incremental_base_guid").GetString().ShouldBe("1");
            action.GetProperty("snapshot_name").GetString().ShouldBe("s3");
            action.GetProperty("snapshot_guid").GetString().ShouldBe("3");
            action.GetProperty("is_incremental").GetBoolean().ShouldBeTrue();
            action.GetProperty("action_type").GetString().ShouldBe("sync");
            action
                .GetProperty("sync_command")
                .GetString()
                .ShouldBe(
                    $"ssh -p 22 -- sync@hub.example 'zfs send -L -c -e -I h/d@s1 h/d@s3' | zfs receive -s -u {target.Hostname}/d"
                );
            var dataset = answer.GetProperty("datasets")[0];
            dataset.GetProperty("starting_snapshot").GetString().ShouldBe("s1");
            dataset.GetProperty("ending_snapshot").GetString().ShouldBe("s3");
            dataset.GetProperty("commands").GetArrayLength().ShouldBe(1);
        }
    }

    [Fact]
    [Trait("Scenario", "90")]
    public async Task Two_datasets_and_two_targets_are_four_decisions()
    {
        await using var room = await FleetRoom.OpenAsync();
        var (hub, one, two) = (await room.JoinAsync("hub"), await room.JoinAsync("one"), await room.JoinAsync("two"));
        await room.ReportAsync(hub, "h", ("h/x", "1 2"), ("h/y", "3 4"));
        await room.ReportAsync(one, "p", ("p/x", "1"), ("p/y", "3"));
        await room.ReportAsync(two, "q", ("q/x", "1"), ("q/y", "3"));
        var group = await room.GroupAsync(hub, one, two);
        (await room.CheckAsync(group.Id)).Count.ShouldBe(4);
        (await room.GetAsync($"sync/instructions/{one.Id}")).GetProperty("dataset_count").GetInt32().ShouldBe(2);
        (await room.GetAsync($"sync/instructions/{two.Id}")).GetProperty("dataset_count").GetInt32().ShouldBe(2);
        (await room.GetAsync($"sync/groups/{group.Id}/actions")).GetArrayLength().ShouldBe(4);
    }

    [Fact]
    public async Task Hosts_that_report_by_script_need_no_roots()
    {
        await using var witness = await TestWitness.StartAsync();
        var (hub, one) = (await witness.JoinAsync("hub"), await witness.JoinAsync("one"));
        await SubmitAsync(hub, "tank", "tank/data", "a", 1);
        await SubmitAsync(hub, "tank", "tank/data", "b", 2);
        await SubmitAsync(one, "backup", "backup/data", "a", 1);
        var group = await witness.Admin.CreateGroupAsync(
            new GroupDefinition
            {
                Name = "g",
                SystemIds = [hub.Id, one.Id],
                Directional = true,
                HubSystemId = hub.Id,
            },
            default
        );
        var edge = (await witness.Admin.CheckAsync(group.Id, default)).Edges.ShouldHaveSingleItem();
        edge.Source.Dataset.ShouldBe("tank/data");
        edge.Target.Dataset.ShouldBe("backup/data");
        edge.Steps.ShouldHaveSingleItem(edge.Text).ToName.ShouldBe("b");

        async Task SubmitAsync(TestHost host, string pool, string dataset, string name, int guid) =>
            (
                await witness
                    .Http(host.Key)
                    .PostAsync(
                        "snapshots",
                        TestWitness.Json(
                            $$"""{"system_id":"{{host.Id}}","pool":"{{pool}}","dataset":"{{dataset}}","name":"{{name}}","guid":"{{guid}}","createtxg":{{guid}},"timestamp":{{1_767_225_600 + guid}}}"""
                        )
                    )
            ).EnsureSuccessStatusCode();
    }

    [Fact]
    [Trait("Scenario", "91")]
    public async Task A_fleet_in_sync_has_no_instructions_and_a_reason_for_each_edge()
    {
        await using var room = await FleetRoom.OpenAsync();
        var (hub, one) = (await room.JoinAsync("hub"), await room.JoinAsync("one"));
        await room.ReportAsync(hub, "h", ("h/x", "1 2"), ("h/y", "3"));
        await room.ReportAsync(one, "p", ("p/x", "1 2"), ("p/y", "3"));
        var group = await room.GroupAsync(hub, one);
        await room.CheckAsync(group.Id);
        var answer = await room.GetAsync(
            $"sync/instructions/{one.Id}?include_diagnostics=true&sync_group_id={group.Id}"
        );
        answer.GetProperty("actions").GetArrayLength().ShouldBe(0);
        answer.GetProperty("datasets").GetArrayLength().ShouldBe(0);
        var reasons = answer
            .GetProperty("diagnostics")
            .EnumerateArray()
            .Select(d => d.GetProperty("reason").GetString());
        reasons.ShouldBe(["in_sync", "in_sync"]);
        var status = await room.GetAsync($"sync/groups/{group.Id}/status");
        status.GetProperty("in_sync_count").GetInt32().ShouldBe(2);
        status.GetProperty("worst_lag_seconds").GetInt64().ShouldBe(0);
    }

    [Fact]
    [Trait("Scenario", "92")]
    public async Task Without_an_ssh_identity_there_is_a_reason_and_no_command()
    {
        await using var room = await FleetRoom.OpenAsync();
        var (hub, one) = (await room.JoinAsync("hub"), await room.JoinAsync("one"));
        await room.Witness.Admin.UpdateSystemAsync(
            hub.Id,
            new SystemUpdate { SshHostname = "" },
            CancellationToken.None
        );
        await room.ReportAsync(hub, "h", ("h/x", "1 2"));
        await room.ReportAsync(one, "p", ("p/x", "1"));
        var group = await room.GroupAsync(hub, one);
        await room.CheckAsync(group.Id);
        var answer = await room.GetAsync($"sync/instructions/{one.Id}?include_diagnostics=true&include_commands=true");
        answer.GetProperty("action_count").GetInt32().ShouldBe(0);
        var diagnostic = answer.GetProperty("diagnostics")[0];
        diagnostic.GetProperty("reason").GetString().ShouldBe("missing_ssh_identity");
        diagnostic.GetProperty("message").GetString()!.ShouldContain("set ssh_hostname");
    }

    [Theory]
    [InlineData("sync/instructions/5d7b0c1e-0000-0000-0000-000000000000")]
    [InlineData("sync/groups/5d7b0c1e-0000-0000-0000-000000000000/status")]
    [InlineData("sync/groups/5d7b0c1e-0000-0000-0000-000000000000/mismatches")]
    [InlineData("sync/groups/5d7b0c1e-0000-0000-0000-000000000000/actions")]
    [InlineData("sync/groups/5d7b0c1e-0000-0000-0000-000000000000/analysis")]
    [InlineData("sync/groups/5d7b0c1e-0000-0000-0000-000000000000/states")]
    [InlineData("sync/states/5d7b0c1e-0000-0000-0000-000000000000")]
    [InlineData("sync-groups/5d7b0c1e-0000-0000-0000-000000000000")]
    [InlineData("edges/5d7b0c1e00000000")]
    [Trait("Scenario", "93")]
    public async Task What_does_not_exist_is_404_in_one_shape(string path)
    {
        await using var room = await FleetRoom.OpenAsync();
        var answer = await room.Witness.Http().GetAsync(path);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("code").GetString().ShouldBe("not_found");
        problem.GetProperty("status_code").GetInt32().ShouldBe(404);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait("Scenario", "102")]
    public async Task A_scripts_claim_is_kept_as_claimed_and_unproven_until_an_inventory_shows_it(bool asQuery)
    {
        await using var room = await FleetRoom.OpenAsync();
        var (hub, one) = (await room.JoinAsync("hub"), await room.JoinAsync("one"));
        room.Scripted.Add("one");
        await room.ReportAsync(hub, "h", ("h/x", "1 2"));
        await room.ReportAsync(one, "p", ("p/x", "1"));
        var group = await room.GroupAsync(hub, one);
        await room.CheckAsync(group.Id);
        using var http = room.Witness.Http(one.Key);
        var answer = asQuery
            ? await http.PostAsync(
                $"sync/states?sync_group_id={group.Id}&system_id={one.Id}&dataset=p/x&status=in_sync",
                null
            )
            : await http.PostAsync(
                "sync/states",
                TestWitness.Json(
                    $$"""{"sync_group_id":"{{group.Id}}","system_id":"{{one.Id}}","dataset":"x","status":"in_sync"}"""
                )
            );
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
        var state = await answer.Content.ReadFromJsonAsync<JsonElement>();
        state.GetProperty("status").GetString().ShouldBe("unproven");
        state.GetProperty("claimed").GetString().ShouldBe("in_sync");

        await room.ReportAsync(one, "p", ("p/x", "1 2"));
        await room.CheckAsync(group.Id);
        var shown = await room.GetAsync($"sync/states/{state.GetProperty("id").GetGuid()}");
        shown.GetProperty("status").GetString().ShouldBe("in_sync");
        shown.GetProperty("last_sync").GetDateTimeOffset().ShouldBe(room.Witness.Time.GetUtcNow());
        (await room.GetAsync($"sync/groups/{group.Id}/states")).GetArrayLength().ShouldBe(1);
    }

    [Fact]
    [Trait("Scenario", "86")]
    public async Task A_claim_for_another_host_is_refused()
    {
        await using var room = await FleetRoom.OpenAsync();
        var (hub, one) = (await room.JoinAsync("hub"), await room.JoinAsync("one"));
        var group = await room.GroupAsync(hub, one);
        var answer = await room
            .Witness.Http(hub.Key)
            .PostAsync($"sync/states?sync_group_id={group.Id}&system_id={one.Id}&dataset=x&status=in_sync", null);
        answer.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Mismatches_and_the_analysis_say_what_each_host_has_and_lacks()
    {
        await using var room = await FleetRoom.OpenAsync();
        var (hub, one) = (await room.JoinAsync("hub"), await room.JoinAsync("one"));
        await room.ReportAsync(hub, "h", ("h/x", "1 2 3"));
        await room.ReportAsync(one, "p", ("p/x", "1"));
        var group = await room.GroupAsync(hub, one);
        await room.CheckAsync(group.Id);
        var mismatches = await room.GetAsync($"sync/groups/{group.Id}/mismatches");
        mismatches.GetProperty("count").GetInt32().ShouldBe(1);
        var mismatch = mismatches.GetProperty("mismatches")[0];
        mismatch.GetProperty("missing_snapshot").GetString().ShouldBe("s3");
        mismatch.GetProperty("missing_count").GetInt32().ShouldBe(2);
        mismatch.GetProperty("target_latest_snapshot").GetString().ShouldBe("s1");
        var analysis = await room.GetAsync($"sync/groups/{group.Id}/analysis");
        var dataset = analysis.GetProperty("datasets")[0];
        dataset.GetProperty("sync_status").GetString().ShouldBe("out_of_sync");
        dataset.GetProperty("systems")[0].GetProperty("snapshot_count").GetInt32().ShouldBe(3);
    }

    [Theory, DatabaseData]
    public async Task Mismatches_analysis_and_check_come_in_pages_and_say_how_many_there_are(DatabaseKind kind)
    {
        await using var room = await FleetRoom.OpenAsync(kind);
        var (hub, one) = (await room.JoinAsync("hub"), await room.JoinAsync("one"));
        await room.ReportAsync(hub, "h", ("h/a", "1 2"), ("h/b", "1 2"), ("h/c", "1 2"), ("h/d", "1 2"));
        await room.ReportAsync(one, "p", ("p/a", "1"), ("p/b", "1"), ("p/c", "1"), ("p/d", "1 2"));
        var group = await room.GroupAsync(hub, one);
        await room.CheckAsync(group.Id);

        var (behind, count) = await PageAsync(
            room,
            HttpMethod.Get,
            $"sync/groups/{group.Id}/mismatches?skip=1&limit=1"
        );
        count.ShouldBe(3);
        behind.GetProperty("count").GetInt32().ShouldBe(3);
        behind
            .GetProperty("mismatches")
            .EnumerateArray()
            .ShouldHaveSingleItem()
            .GetProperty("dataset")
            .GetString()
            .ShouldBe("b");

        (var analysis, count) = await PageAsync(
            room,
            HttpMethod.Get,
            $"sync/groups/{group.Id}/analysis?skip=2&limit=2"
        );
        count.ShouldBe(4);
        analysis.GetProperty("total_datasets").GetInt32().ShouldBe(4);
        analysis.GetProperty("total_mismatches").GetInt32().ShouldBe(3);
        Names(analysis.GetProperty("datasets"), "dataset_name").ShouldBe(["c", "d"]);
        Names(analysis.GetProperty("systems"), "hostname").ShouldBe(["hub", "one"], ignoreOrder: true);

        (var check, count) = await PageAsync(room, HttpMethod.Post, $"sync/{group.Id}/check?limit=2");
        count.ShouldBe(4);
        Names(check.GetProperty("edges"), "logical_dataset").ShouldBe(["a", "b"]);
    }

    private static async Task<(JsonElement Answer, int Total)> PageAsync(FleetRoom room, HttpMethod method, string path)
    {
        using var request = new HttpRequestMessage(method, path);
        using var answer = await room.Witness.Http().SendAsync(request);
        answer.EnsureSuccessStatusCode();
        var total = int.Parse(answer.Headers.GetValues("X-Total-Count").Single());
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(), total);
    }

    private static IEnumerable<string?> Names(JsonElement list, string member) =>
        list.EnumerateArray().Select(item => item.GetProperty(member).GetString());

    [Fact]
    public async Task A_group_whose_hub_never_reported_says_so()
    {
        await using var room = await FleetRoom.OpenAsync();
        var (hub, one) = (await room.JoinAsync("hub"), await room.JoinAsync("one"));
        await room.ReportAsync(one, "p");
        await room.GroupAsync(hub, one);
        var answer = await room.GetAsync($"sync/instructions/{one.Id}?include_diagnostics=true");
        answer.GetProperty("diagnostics")[0].GetProperty("reason").GetString().ShouldBe("source_never_reported");
    }

    [Fact]
    public async Task A_claim_may_name_the_snapshot_that_an_action_named()
    {
        await using var room = await FleetRoom.OpenAsync();
        var (hub, one) = (await room.JoinAsync("hub"), await room.JoinAsync("one"));
        await room.ReportAsync(hub, "h", ("h/x", "1 2"));
        await room.ReportAsync(one, "p", ("p/x", "1"));
        var group = await room.GroupAsync(hub, one);
        await room.CheckAsync(group.Id);
        var action = (await room.GetAsync($"sync/instructions/{one.Id}")).GetProperty("actions")[0];
        var snapshot = await room.GetAsync($"snapshots/{action.GetProperty("snapshot_id").GetGuid()}");
        snapshot.GetProperty("name").GetString().ShouldBe("s2");
        var own = (await room.GetAsync($"snapshots?system_id={one.Id}"))[0].GetProperty("id").GetGuid();
        var answer = await room
            .Witness.Http(one.Key)
            .PostAsync(
                "sync/states",
                TestWitness.Json(
                    $$"""{"sync_group_id":"{{group.Id}}","system_id":"{{one.Id}}","snapshot_id":"{{own}}","status":"syncing"}"""
                )
            );
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_misspelled_parameter_is_refused_by_name()
    {
        await using var room = await FleetRoom.OpenAsync();
        var one = await room.JoinAsync("one");
        var answer = await room.Witness.Http().GetAsync($"sync/instructions/{one.Id}?include_command=true");
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("include_command");
    }

    [Fact]
    public async Task Names_with_every_allowed_character_pass_through_plan_and_command()
    {
        await using var room = await FleetRoom.OpenAsync();
        var (hub, one) = (await room.JoinAsync("hub"), await room.JoinAsync("one"));
        await room.ReportAsync(hub, "h", ("h/a b:c.d-e_f", "1"));
        await room.ReportAsync(one, "p");
        var group = await room.GroupAsync(hub, one);
        await room.CheckAsync(group.Id);
        var answer = await room.GetAsync($"sync/instructions/{one.Id}?include_commands=true");
        answer
            .GetProperty("actions")[0]
            .GetProperty("sync_command")
            .GetString()!
            .ShouldEndWith("| zfs receive -s -u -o 'readonly=on' 'p/a b:c.d-e_f'");
        group.Policy.Direction.ShouldBe(TransferDirection.Pull);
    }
}

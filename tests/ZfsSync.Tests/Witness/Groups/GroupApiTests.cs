using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Groups;
using ZfsSync.Testing.Witness;

namespace ZfsSync.Tests.Witness.Groups;

public sealed class GroupApiTests
{
    [Theory, DatabaseData]
    public async Task A_group_is_kept_with_all_it_says(DatabaseKind kind)
    {
        await using var room = await FleetRoom.OpenAsync(kind);
        var (alpha, beta) = (await room.JoinAsync("alpha"), await room.JoinAsync("beta"));
        var created = await room.Witness.Admin.CreateGroupAsync(
            new GroupDefinition
            {
                Name = "nightly",
                Mode = GroupMode.Explicit,
                Members =
                [
                    new GroupMember { SystemId = alpha.Id, Root = "tank/data" },
                    new GroupMember
                    {
                        SystemId = beta.Id,
                        Root = "backup/hosts/alpha",
                        Role = MemberRole.Target,
                    },
                ],
                Edges = [new GroupEdge(0, 1)],
                Datasets = new NamePatterns(["home/**"], ["home/tmp"]),
                Policy = new GroupPolicy { MinAgeSeconds = 60, ReceiveProperties = new Dictionary<string, string>() },
            },
            CancellationToken.None
        );
        var read = await room.Witness.Http().GetFromJsonAsync<JsonElement>($"sync-groups/{created.Id}");
        read.GetProperty("members")[1].GetProperty("root").GetString().ShouldBe("backup/hosts/alpha");
        read.GetProperty("members")[1].GetProperty("role").GetString().ShouldBe("target");
        read.GetProperty("edges")[0].GetProperty("to").GetInt32().ShouldBe(1);
        read.GetProperty("datasets").GetProperty("exclude")[0].GetString().ShouldBe("home/tmp");
        read.GetProperty("policy").GetProperty("min_age_seconds").GetInt32().ShouldBe(60);

        var changed = await room.Witness.Admin.UpdateGroupAsync(
            created.Id,
            new GroupDefinition { Name = "weekly", Enabled = false },
            CancellationToken.None
        );
        changed.Name.ShouldBe("weekly");
        changed.Enabled.ShouldBeFalse();
        changed.Members.Count.ShouldBe(2);
        changed.CreatedAt.ShouldBe(created.CreatedAt);

        await room.Witness.Admin.DeleteGroupAsync(created.Id, CancellationToken.None);
        (await room.Witness.Admin.GroupsAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_name_is_taken_once_in_whatever_case()
    {
        await using var room = await FleetRoom.OpenAsync();
        var alpha = await room.JoinAsync("alpha");
        var group = new GroupDefinition { Name = "Nightly", SystemIds = [alpha.Id] };
        await room.Witness.Admin.CreateGroupAsync(group, CancellationToken.None);
        var fault = await Should.ThrowAsync<WitnessException>(() =>
            room.Witness.Admin.CreateGroupAsync(group with { Name = "nightly" }, CancellationToken.None)
        );
        (fault.Status, fault.Code).ShouldBe((409, "exists"));
    }

    [Fact]
    public async Task Members_come_and_go_one_by_one()
    {
        await using var room = await FleetRoom.OpenAsync();
        var (alpha, beta, gamma) = (
            await room.JoinAsync("alpha"),
            await room.JoinAsync("beta"),
            await room.JoinAsync("gamma")
        );
        var group = await room.GroupAsync(alpha, beta);
        using var http = room.Witness.Http();
        var added = await http.PostAsync(
            $"sync-groups/{group.Id}/systems",
            TestWitness.Json($$"""{"system_id": "{{gamma.Id}}"}""")
        );
        added.StatusCode.ShouldBe(HttpStatusCode.Created);
        (await http.DeleteAsync($"sync-groups/{group.Id}/systems/{beta.Id}")).StatusCode.ShouldBe(
            HttpStatusCode.NoContent
        );
        var groups = await room.Witness.Admin.GroupsAsync(CancellationToken.None);
        groups[0].SystemIds.ShouldBe([alpha.Id, gamma.Id]);
        (await http.DeleteAsync($"sync-groups/{group.Id}/systems/{beta.Id}")).StatusCode.ShouldBe(
            HttpStatusCode.NotFound
        );
    }

    [Fact]
    public async Task A_removed_host_leaves_its_groups_and_their_edges()
    {
        await using var room = await FleetRoom.OpenAsync();
        var (alpha, beta) = (await room.JoinAsync("alpha"), await room.JoinAsync("beta"));
        await room.ReportAsync(alpha, "a", ("a/d", "1 2"));
        await room.ReportAsync(beta, "b", ("b/d", "1"));
        var group = await room.GroupAsync(alpha, beta);
        (await room.CheckAsync(group.Id)).Count.ShouldBe(1);
        await room.Witness.Admin.DeleteSystemAsync(beta.Id, CancellationToken.None);
        (await room.CheckAsync(group.Id)).ShouldBeEmpty();
        (await room.Witness.Admin.GroupsAsync(CancellationToken.None))[0].SystemIds.ShouldBe([alpha.Id]);
    }

    [Theory]
    [InlineData("""{"system_ids": []}""", "name")]
    [InlineData("""{"name": "x", "systemids": []}""", "systemids")]
    [InlineData("""{"name": "x", "mode": "star"}""", "mode")]
    [InlineData(
        """{"name": "x", "members": [{"system_id": "5d7b0c1e-0000-0000-0000-000000000000"}]}""",
        "members[0].system_id"
    )]
    [Trait("Scenario", "88")]
    public async Task A_wrong_group_is_refused_by_field_and_nothing_is_stored(string body, string field)
    {
        await using var room = await FleetRoom.OpenAsync();
        var answer = await room.Witness.Http().PostAsync("sync-groups", TestWitness.Json(body));
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        problem.GetProperty("errors").TryGetProperty(field, out _).ShouldBeTrue(problem.ToString());
        (await room.Witness.Admin.GroupsAsync(CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_host_sees_its_own_groups_and_changes_none()
    {
        await using var room = await FleetRoom.OpenAsync();
        var (alpha, beta, gamma) = (
            await room.JoinAsync("alpha"),
            await room.JoinAsync("beta"),
            await room.JoinAsync("gamma")
        );
        var group = await room.GroupAsync(alpha, beta);
        (await beta.Client.GroupsAsync(CancellationToken.None)).Count.ShouldBe(1);
        (await gamma.Client.GroupsAsync(CancellationToken.None)).ShouldBeEmpty();
        var fault = await Should.ThrowAsync<WitnessException>(() =>
            beta.Client.DeleteGroupAsync(group.Id, CancellationToken.None)
        );
        fault.Status.ShouldBe(403);
    }
}

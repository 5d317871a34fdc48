using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Systems;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Testing.Witness;

namespace ZfsSync.Tests.Witness.Edges;

public sealed class EdgeApiTests
{
    private static async Task<(FleetRoom Room, TestHost Beta, GroupResource Group, EdgeResource Edge)> DivergedAsync(
        DatabaseKind kind = DatabaseKind.Sqlite
    )
    {
        var room = await FleetRoom.OpenAsync(kind);
        var (alpha, beta) = (await room.JoinAsync("alpha"), await room.JoinAsync("beta"));
        await room.ReportAsync(alpha, "a", ("a/d", "1 2"));
        await room.ReportAsync(beta, "b", ("b/d", "1 18000000000000000007"));
        var group = await room.GroupAsync(alpha, beta);
        var edge = (await room.CheckAsync(group.Id))[0];
        return (room, beta, group, edge);
    }

    [Theory, DatabaseData]
    [Trait("Scenario", "100")]
    public async Task An_approval_of_what_was_shown_becomes_one_instruction_and_is_used_up(DatabaseKind kind)
    {
        var (room, beta, group, edge) = await DivergedAsync(kind);
        await using var _room = room;
        edge.State.ShouldBe(EdgeState.Conflict);
        var rollback = edge.Repairs.Single(r => r.Kind == RepairKind.Rollback);
        rollback.Destroys.ShouldBe([new SnapshotGuid(18000000000000000007)]);
        await room.Witness.Admin.ApproveAsync(
            edge.EdgeId,
            new RepairApproval { Kind = RepairKind.Rollback, Destroys = rollback.Destroys },
            CancellationToken.None
        );
        var claim = await room.ClaimAsync(beta);
        claim.Instruction.Kind.ShouldBe(InstructionKind.Repair);
        claim.Instruction.Repair!.Destroys.ShouldBe(rollback.Destroys);
        await room.OutcomeAsync(beta, claim, OutcomeResult.Failed, "busy");
        (await room.CheckAsync(group.Id))[0].State.ShouldBe(EdgeState.Conflict, "the consent was for one attempt");
    }

    [Fact]
    public async Task An_approval_of_other_snapshots_than_the_option_names_is_stale()
    {
        var (room, _, _, edge) = await DivergedAsync();
        await using var _room = room;
        var refused = await Should.ThrowAsync<WitnessException>(() =>
            room.Witness.Admin.ApproveAsync(
                edge.EdgeId,
                new RepairApproval { Kind = RepairKind.Rollback, Destroys = [new SnapshotGuid(7)] },
                CancellationToken.None
            )
        );
        (refused.Status, refused.Code).ShouldBe((409, "stale_approval"));
    }

    [Fact]
    public async Task An_approval_ends_by_time_and_when_the_evidence_changes()
    {
        var (room, beta, group, edge) = await DivergedAsync();
        await using var _room = room;
        var rollback = edge.Repairs.Single(r => r.Kind == RepairKind.Rollback);
        await room.Witness.Admin.ApproveAsync(
            edge.EdgeId,
            new RepairApproval
            {
                Kind = RepairKind.Rollback,
                Destroys = rollback.Destroys,
                ExpiresSeconds = 60,
            },
            CancellationToken.None
        );
        (await room.CheckAsync(group.Id))[0].Decision.ShouldBe(DecisionKind.Repair);
        await room.ReportAsync(beta, "b", ("b/d", "1 18000000000000000007 9"));
        (await room.CheckAsync(group.Id))[0].State.ShouldBe(EdgeState.Conflict, "one more would be lost now");
        await room.ReportAsync(beta, "b", ("b/d", "1 18000000000000000007"));
        room.Witness.Time.Advance(TimeSpan.FromSeconds(61));
        (await room.CheckAsync(group.Id))[0].State.ShouldBe(EdgeState.Conflict);
        (await beta.Client.InstructionsAsync(beta.Id, 0, CancellationToken.None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_person_does_by_hand_is_not_approved()
    {
        var (room, _, _, edge) = await DivergedAsync();
        await using var _room = room;
        var refused = await Should.ThrowAsync<WitnessException>(() =>
            room.Witness.Admin.ApproveAsync(
                edge.EdgeId,
                new RepairApproval { Kind = RepairKind.ReRead },
                CancellationToken.None
            )
        );
        (refused.Status, refused.Problem.Errors!.Keys.Single()).ShouldBe((400, "kind"));
    }

    [Fact]
    public async Task Edges_are_listed_in_pages_with_their_number()
    {
        await using var room = await FleetRoom.OpenAsync();
        var (alpha, beta) = (await room.JoinAsync("alpha"), await room.JoinAsync("beta"));
        await room.ReportAsync(alpha, "a", [.. Enumerable.Range(0, 5).Select(i => ($"a/d{i}", "1"))]);
        await room.ReportAsync(beta, "b");
        var group = await room.GroupAsync(alpha, beta);
        await room.CheckAsync(group.Id);
        var answer = await room.Witness.Http().GetAsync($"edges?sync_group_id={group.Id}&skip=2&limit=2");
        answer.Headers.GetValues("X-Total-Count").ShouldBe(["5"]);
        var page = await answer.Content.ReadFromJsonAsync<JsonElement>();
        page.EnumerateArray().Select(e => e.GetProperty("logical_dataset").GetString()).ShouldBe(["d2", "d3"]);
        var gamma = await room.JoinAsync("gamma");
        (await gamma.Client.EdgesAsync(null, CancellationToken.None)).ShouldBeEmpty("a host sees its own edges");
        (await room.Witness.Http().GetAsync("edges/0123456789abcdef")).StatusCode.ShouldBe(
            System.Net.HttpStatusCode.NotFound
        );
    }

    [Fact]
    [Trait("Scenario", "98")]
    public async Task A_host_that_falls_silent_makes_its_edges_stale_and_comes_back()
    {
        await using var room = await FleetRoom.OpenAsync();
        var (alpha, beta) = (await room.JoinAsync("alpha"), await room.JoinAsync("beta"));
        await room.ReportAsync(alpha, "a", ("a/d", "1 2"));
        await room.ReportAsync(beta, "b", ("b/d", "1"));
        var group = await room.GroupAsync(alpha, beta);
        await room.CheckAsync(group.Id);
        room.Witness.Time.Advance(TimeSpan.FromMinutes(10));
        await room.ReportAsync(alpha, "a", ("a/d", "1 2"));
        await room.TickAsync();
        var edge = (await room.Witness.Admin.EdgesAsync(null, CancellationToken.None))[0];
        (edge.State, edge.Reason).ShouldBe((EdgeState.Stale, ReasonCode.TargetStale));
        (await beta.Client.InstructionsAsync(beta.Id, 0, CancellationToken.None)).ShouldBeEmpty();
        await room.ReportAsync(beta, "b", ("b/d", "1"));
        await room.TickAsync();
        edge = (await room.Witness.Admin.EdgesAsync(null, CancellationToken.None))[0];
        edge.State.ShouldBe(EdgeState.OutOfSync);
    }

    [Fact]
    [Trait("Scenario", "99")]
    public async Task A_frozen_host_stands_still_until_a_person_lets_it_go_on()
    {
        await using var room = await FleetRoom.OpenAsync();
        var (alpha, beta) = (await room.JoinAsync("alpha"), await room.JoinAsync("beta"));
        await room.ReportAsync(alpha, "a", ("a/d", "1 2"));
        await room.ReportAsync(beta, "b", ("b/d", "1"));
        var group = await room.GroupAsync(alpha, beta);
        await room.Witness.Admin.UpdateSystemAsync(
            alpha.Id,
            new SystemUpdate { Frozen = true },
            CancellationToken.None
        );
        (await room.CheckAsync(group.Id))[0].Reason.ShouldBe(ReasonCode.HostFrozen);
        (await beta.Client.InstructionsAsync(beta.Id, 0, CancellationToken.None)).ShouldBeEmpty();
        await room.Witness.Admin.UpdateSystemAsync(
            alpha.Id,
            new SystemUpdate { Frozen = false },
            CancellationToken.None
        );
        (await room.CheckAsync(group.Id))[0].Reason.ShouldBeNull();
    }
}

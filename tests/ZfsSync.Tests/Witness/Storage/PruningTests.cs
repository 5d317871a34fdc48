using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Testing.Witness;
using ZfsSync.Witness.Features.Pruning;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Tests.Witness.Storage;

public sealed class PruningTests
{
    [Theory, DatabaseData]
    public async Task What_is_older_than_it_is_to_be_kept_goes_and_the_rest_stays(DatabaseKind kind)
    {
        await using var room = await FleetRoom.OpenAsync(kind);
        var (alpha, beta) = (await room.JoinAsync("alpha"), await room.JoinAsync("beta"));
        await room.ReportAsync(alpha, "a", ("a/d", "1 2"));
        await room.ReportAsync(beta, "b", ("b/d", "1 9"));
        var group = await room.GroupAsync(alpha, beta);
        var conflict = (await room.CheckAsync(group.Id))[0];
        await room.Witness.Admin.ApproveAsync(
            conflict.EdgeId,
            new RepairApproval
            {
                Kind = RepairKind.Rollback,
                Destroys = conflict.Repairs.Single(r => r.Kind == RepairKind.Rollback).Destroys,
            },
            default
        );
        await room.CheckAsync(group.Id);
        await room.OutcomeAsync(beta, await room.ClaimAsync(beta), OutcomeResult.Failed, "no_space");
        var reports = new HostReports(room.Witness, await room.JoinAsync("gamma"));
        await reports.SendAsync(HostReports.Dataset("c", 5, 6));
        await reports.SendAsync(HostReports.Dataset("c", 6));
        var acts = (await CountsAsync(room)).Audit;
        acts.ShouldBeGreaterThan(0);
        (await CountsAsync(room)).ShouldBe((1, 1, 1, acts));

        await AgeAsync(room, days: 29);
        (await PruneAsync(room)).ShouldBe(0, "all of it is young");
        await AgeAsync(room, days: 2);
        (await PruneAsync(room)).ShouldBe(1);
        (await CountsAsync(room)).ShouldBe((0, 1, 1, acts), "tombstones are kept 30 days");
        await AgeAsync(room, days: 60);
        (await PruneAsync(room)).ShouldBe(2);
        (await CountsAsync(room)).ShouldBe((0, 0, 0, acts), "runs and consents 90");
        await AgeAsync(room, days: 275);
        (await PruneAsync(room)).ShouldBe(acts);
        (await CountsAsync(room)).ShouldBe((0, 0, 0, 0), "and who did what a year");
    }

    [Theory, DatabaseData]
    public async Task The_last_success_of_an_edge_stays_as_long_as_the_edge(DatabaseKind kind)
    {
        await using var room = await FleetRoom.OpenAsync(kind);
        var (alpha, beta) = (await room.JoinAsync("alpha"), await room.JoinAsync("beta"));
        await room.ReportAsync(alpha, "a", ("a/d", "1 2"));
        await room.ReportAsync(beta, "b", ("b/d", "1"));
        var group = await room.GroupAsync(alpha, beta);
        await room.CheckAsync(group.Id);
        await room.OutcomeAsync(beta, await room.ClaimAsync(beta), OutcomeResult.Done);
        await AgeAsync(room, days: 1000);
        await PruneAsync(room);
        (await room.Witness.Admin.RunsAsync(10, default)).ShouldHaveSingleItem().State.ShouldBe(InstructionState.Done);
        await room.Witness.Admin.DeleteGroupAsync(group.Id, default);
        await PruneAsync(room);
        (await room.Witness.Admin.RunsAsync(10, default)).ShouldBeEmpty();
    }

    private static Task<long> PruneAsync(FleetRoom room) =>
        room.Witness.Services.GetRequiredService<PruningLoop>().PruneAsync(default);

    /// <summary>All that is kept with its time becomes older; the clock itself would have to pass every tick of the loops.</summary>
    private static Task AgeAsync(FleetRoom room, int days) =>
        room
            .Witness.Services.GetRequiredService<Database>()
            .WriteAsync(
                async session =>
                {
                    var by = days * 86_400_000_000L;
                    await session.ExecuteAsync(
                        "update vanished_snapshots set vanished_at = vanished_at - @by",
                        new { by }
                    );
                    await session.ExecuteAsync(
                        "update instructions set created_at = created_at - @by, outcome_at = outcome_at - @by",
                        new { by }
                    );
                    await session.ExecuteAsync(
                        "update approvals set used_at = used_at - @by, expires_at = expires_at - @by",
                        new { by }
                    );
                    await session.ExecuteAsync("update audit set at = at - @by", new { by });
                },
                default
            );

    private static async Task<(long Tombstones, long Runs, long Approvals, long Audit)> CountsAsync(FleetRoom room)
    {
        var database = room.Witness.Services.GetRequiredService<Database>();
        return (
            await CountAsync(database, "vanished_snapshots"),
            await CountAsync(database, "instructions where state = 'failed'"),
            await CountAsync(database, "approvals"),
            await CountAsync(database, "audit")
        );
    }

    private static Task<long> CountAsync(Database database, string what) =>
        database.ReadAsync(s => s.ScalarAsync<long>($"select count(*) from {what}"), default);
}

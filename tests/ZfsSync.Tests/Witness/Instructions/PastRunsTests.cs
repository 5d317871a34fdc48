using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using SQLitePCL;
using Xunit;
using ZfsSync.Contracts.Groups;
using ZfsSync.Witness.Features.Instructions;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Tests.Witness.Instructions;

public sealed class PastRunsTests
{
    [Fact]
    public async Task Planning_an_edge_is_the_same_work_for_SQLite_however_many_runs_it_had()
    {
        await using var room = await FleetRoom.OpenAsync();
        var (alpha, beta) = (await room.JoinAsync("alpha"), await room.JoinAsync("beta"));
        await room.ReportAsync(alpha, "a", ("a/d", "1 2 3"));
        await room.ReportAsync(beta, "b", ("b/d", "1"));
        var group = await room.GroupAsync(alpha, beta);
        var edge = (await room.CheckAsync(group.Id))[0].EdgeId;
        await StepsAsync(room, group, edge);

        var without = await StepsAsync(room, group, edge);
        await AddRunsAsync(room, edge, 1000);
        var with = await StepsAsync(room, group, edge);

        with.ShouldBeInRange(without, without + 100);
    }

    /// <summary>Of SQLite's machine: what planning reads, and what withdraws an instruction, which there is the first time only.</summary>
    private static Task<int> StepsAsync(FleetRoom room, GroupResource group, string edge)
    {
        var services = room.Witness.Services;
        return services
            .GetRequiredService<Database>()
            .WriteAsync(
                async session =>
                {
                    var steps = 0;
                    var sqlite = ((SqliteConnection)session.Connection).Handle;
                    raw.sqlite3_progress_handler(
                        sqlite,
                        1,
                        _ =>
                        {
                            steps++;
                            return 0;
                        },
                        null
                    );
                    await services.GetRequiredService<UnitFactsLoader>().LoadAsync(session, group, ["d"], null);
                    await services
                        .GetRequiredService<InstructionStore>()
                        .WithdrawAsync(session, [edge], room.Witness.Time.GetUtcNow());
                    raw.sqlite3_progress_handler(sqlite, 0, null, null);
                    return steps;
                },
                CancellationToken.None
            );
    }

    private static Task AddRunsAsync(FleetRoom room, string edge, int count) =>
        room
            .Witness.Services.GetRequiredService<Database>()
            .WriteAsync(
                session =>
                    session.ExecuteAsync(
                        """
                        with recursive past (i) as (select 1 union all select i + 1 from past where i < @count)
                        insert into instructions (id, edge_id, group_id, executor_system_id, target_system_id,
                            target_dataset, kind, state, plan_key, document, proven, created_at, started_at, outcome_at)
                        select 'past-' || i, edge_id, group_id, executor_system_id, target_system_id, target_dataset, kind,
                            'done', plan_key, document, true, i, i, i
                        from past, (select * from instructions where edge_id = @edge limit 1)
                        """,
                        new { edge, count }
                    ),
                CancellationToken.None
            );
}

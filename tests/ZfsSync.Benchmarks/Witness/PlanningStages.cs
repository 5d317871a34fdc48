using Microsoft.Extensions.DependencyInjection;
using ZfsSync.Benchmarks.Measuring;
using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Benchmarks.Witness;

/// <summary>Where the time of planning goes: loading facts, deciding, storing, for each edge.</summary>
internal sealed class PlanningStages
{
    private const int Hosts = 30;
    private const int Datasets = 100;
    private const int WarmRounds = 4;

    /// <summary>The best of them counts: what the collector does meanwhile is nobody's step.</summary>
    private const int Rounds = 5;
    private readonly GeneratedFleet fleet = new(Datasets, snapshotsPerDataset: 100);

    public async Task<IReadOnlyList<ResultTable>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("zfs-sync-bench-").FullName;
        try
        {
            await using var room = await PlanningRoom.OpenNewAsync(folder);
            var hosts = await room.FillAsync(fleet, Hosts);
            await room.CreateGroupsAsync(hosts, 0, Hosts);
            return [await MeasureAsync(room)];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<ResultTable> MeasureAsync(PlanningRoom room)
    {
        var database = room.Services.GetRequiredService<Database>();
        var groups = room.Services.GetRequiredService<GroupStore>();
        var scope = room.Services.GetRequiredService<PlanningScope>();
        var loader = room.Services.GetRequiredService<UnitFactsLoader>();
        var planning = room.Services.GetRequiredService<EdgePlanning>();
        var ids = await database.ReadAsync(groups.IdsAsync, CancellationToken.None);
        // The first round makes the rows of the edges, and code is compiled and compiled better meanwhile.
        for (var round = 0; round < WarmRounds; round++)
        {
            foreach (var id in ids)
                await planning.PlanGroupAsync(id, CancellationToken.None);
        }
        var (load, decide, all) = (TimeSpan.MaxValue, TimeSpan.MaxValue, TimeSpan.MaxValue);
        for (var round = 0; round < Rounds; round++)
        {
            var (loaded, decided, done) = (TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero);
            foreach (var id in ids)
            {
                var group = (await database.ReadAsync(s => groups.FindAsync(s, id), CancellationToken.None))!;
                var request = await database.ReadAsync(s => scope.OfGroupAsync(s, group), CancellationToken.None);
                var edges = 0;
                // In pieces of the size that planning takes at once.
                foreach (var chunk in request.LogicalDatasets.Chunk(EdgePlanning.UnitsAtOnce))
                {
                    var started = Environment.CpuUsage.TotalTime;
                    var units = await database.ReadAsync(
                        s => loader.LoadAsync(s, group, chunk, null),
                        CancellationToken.None
                    );
                    loaded += Environment.CpuUsage.TotalTime - started;
                    started = Environment.CpuUsage.TotalTime;
                    edges += units.Select(UnitPlanner.Plan).Sum(plan => plan.Edges.Count);
                    decided += Environment.CpuUsage.TotalTime - started;
                }
                if (edges != Datasets * (GeneratedFleet.HostsPerGroup - 1))
                    throw new InvalidOperationException($"{edges} edges were planned.");
                var whole = Environment.CpuUsage.TotalTime;
                await planning.PlanGroupAsync(id, CancellationToken.None);
                done += Environment.CpuUsage.TotalTime - whole;
            }
            load = loaded < load ? loaded : load;
            decide = decided < decide ? decided : decide;
            all = done < all ? done : all;
        }
        var table = new ResultTable(
            "Where the time of planning goes (CPU time, per edge)",
            "step",
            "per edge",
            "share"
        );
        Row("load the facts: 1.1 histories of 100 snapshots", load);
        Row("compare and decide", decide);
        Row("store", all - load - decide);
        Row("all", all);
        return table;

        void Row(string step, TimeSpan time) =>
            table.Add(step, $"{time.TotalMicroseconds / Hosts / Datasets * 10 / 9:0} µs", Figure.Percent(time / all));
    }
}

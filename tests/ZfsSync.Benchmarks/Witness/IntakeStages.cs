using Microsoft.Extensions.DependencyInjection;
using ZfsSync.Benchmarks.Measuring;
using ZfsSync.Contracts.Reports;
using ZfsSync.Witness.Features.Reports;
using ZfsSync.Witness.Http;

namespace ZfsSync.Benchmarks.Witness;

/// <summary>
/// Where the time of a first report goes: its steps one after the other on one thread, without network, beside what
/// reading and inserting alone must take.
/// </summary>
internal sealed class IntakeStages
{
    private const int WarmHosts = 3;
    private const int Hosts = 20;
    private readonly GeneratedFleet fleet = new(datasetsPerHost: 100, snapshotsPerDataset: 100);
    private TimeSpan read;
    private TimeSpan check;
    private TimeSpan whole;
    private TimeSpan inParts;

    public async Task<IReadOnlyList<ResultTable>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("zfs-sync-bench-").FullName;
        try
        {
            await using var room = await PlanningRoom.OpenNewAsync(folder);
            for (var host = 0; host < WarmHosts; host++)
                await MeasureAsync(room, host);
            (read, check, whole, inParts) = default((TimeSpan, TimeSpan, TimeSpan, TimeSpan));
            for (var host = WarmHosts; host < WarmHosts + Hosts; host++)
                await MeasureAsync(room, host);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return [Table(BareIntake.Run(fleet, Hosts))];
    }

    /// <summary>The same host twice under two names: in one request, and in parts as agents send it.</summary>
    private async Task MeasureAsync(PlanningRoom room, int host)
    {
        var intake = room.Services.GetRequiredService<ReportIntake>();
        var input = room.Services.GetRequiredService<ReportInput>();
        var inventory = fleet.Inventory(host);
        var requests = HostRequests.Of(inventory, sequence: 1, maxRows: 5000).Lists;

        var started = Environment.CpuUsage.TotalTime;
        var parts = requests.Select(body => RequestBody.Read<InventoryReport>(body)).ToList();
        read += Environment.CpuUsage.TotalTime - started;

        started = Environment.CpuUsage.TotalTime;
        foreach (var part in parts)
            input.Check(part);
        check += Environment.CpuUsage.TotalTime - started;

        var one = parts[0] with { Part = null, Datasets = [.. parts.SelectMany(part => part.Datasets!)] };
        var id = await room.RegisterAsync($"whole{host}");
        started = Environment.CpuUsage.TotalTime;
        await intake.TakeAsync(id, new Body<InventoryReport>(one, default), CancellationToken.None);
        whole += Environment.CpuUsage.TotalTime - started;

        id = await room.RegisterAsync($"parts{host}");
        started = Environment.CpuUsage.TotalTime;
        foreach (var (part, body) in parts.Zip(requests))
            await intake.TakeAsync(id, new Body<InventoryReport>(part, body), CancellationToken.None);
        inParts += Environment.CpuUsage.TotalTime - started;
    }

    private ResultTable Table(TimeSpan bare)
    {
        var table = new ResultTable(
            "Where the time of a first report goes (CPU time, no network)",
            "step",
            "per snapshot",
            "share"
        );
        var total = read + inParts;
        Row("read the JSON", read);
        Row("check names, duplicates, digests", check);
        Row("compare, insert, commit", whole - check);
        Row("keep the parts until the last one came", inParts - whole);
        Row("all", total);
        Row("for comparison: read with a bare reader and insert with bare prepared statements", bare);
        return table;

        void Row(string step, TimeSpan time) =>
            table.Add(
                step,
                $"{time.TotalMicroseconds / Hosts / fleet.SnapshotsPerHost:0.00} µs",
                Figure.Percent(time / total)
            );
    }
}

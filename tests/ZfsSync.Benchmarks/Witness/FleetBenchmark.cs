using System.Globalization;
using System.Text.RegularExpressions;
using ZfsSync.Benchmarks.Measuring;

namespace ZfsSync.Benchmarks.Witness;

/// <summary>
/// One witness on SQLite, and a fleet that grows in it: first reports, unchanged reports, memory, planning of everything
/// after a start, planning after one change. Everything is measured again at each size.
/// </summary>
internal sealed partial class FleetBenchmark(IReadOnlyList<int> sizes)
{
    private const int DatasetsPerHost = 100;
    private const int SnapshotsPerDataset = 100;
    private const int FewestHeads = 1000;
    private const int Changes = 25;

    /// <summary>A copy each hour leaves as many in 83 days.</summary>
    private const int PastRuns = 2000;
    private static readonly TimeSpan PlanningLimit = TimeSpan.FromMinutes(5);
    private readonly GeneratedFleet fleet = new(DatasetsPerHost, SnapshotsPerDataset);
    private readonly ResultTable intake = new(
        "First reports and unchanged reports over HTTP, SQLite",
        "hosts",
        "snapshots stored",
        "first reports, snapshots/s",
        "witness's CPU per snapshot",
        "unchanged, requests/s",
        "snapshots represented/s",
        "database"
    );
    private readonly ResultTable memory = new(
        "Memory of the witness (resident; the most it ever was in brackets)",
        "hosts",
        "snapshots stored",
        "after intake",
        "after planning everything",
        "of that its own, not mapped files"
    );
    private readonly ResultTable planning = new(
        "Planning",
        "hosts",
        "edges",
        "everything, first time",
        "everything, after a restart",
        "CPU of that",
        "after one changed dataset, median",
        "worst of " + Changes,
        $"median with {Figure.Count(PastRuns)} past runs of each edge"
    );

    public async Task<IReadOnlyList<ResultTable>> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("zfs-sync-bench-").FullName;
        try
        {
            FleetClient? client = null;
            var hosts = 0;
            foreach (var size in sizes)
            {
                client = await GrowAsync(folder, client, hosts, size);
                hosts = size;
            }
            client?.Dispose();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        return [intake, memory, planning];
    }

    private async Task<FleetClient> GrowAsync(string folder, FleetClient? before, int from, int to)
    {
        var (program, address) = await WitnessProgram.StartAsync(folder);
        var client = before?.At(address) ?? new FleetClient(address, fleet);
        ProcessCost afterIntake;
        await using (program)
        {
            await program.LineAsync("Planned everything", PlanningLimit);
            await client.RegisterAsync(from, to);
            var startCpu = program.Cost.Cpu;
            var took = await client.ReportFirstAsync(from, to);
            afterIntake = program.Cost;
            var snapshots = (to - from) * (double)fleet.SnapshotsPerHost;
            var headRate = await HeadsPerSecondAsync(client);
            intake.Add(
                Figure.Count(to),
                Figure.Count((double)to * fleet.SnapshotsPerHost),
                Figure.Count(snapshots / took.TotalSeconds),
                $"{(afterIntake.Cpu - startCpu).TotalMicroseconds / snapshots:0.0} µs",
                Figure.Count(headRate),
                Figure.Count(headRate * fleet.SnapshotsPerHost),
                Figure.Megabytes(DatabaseBytes(folder))
            );
            Console.WriteLine(intake);
        }
        await using (var room = PlanningRoom.Open(folder))
            await room.CreateGroupsAsync(client.Hosts, from, to);
        await PlanAsync(folder, client, from, to, afterIntake);
        return client;
    }

    /// <summary>With what is only in the log yet.</summary>
    private static long DatabaseBytes(string folder) =>
        Directory.EnumerateFiles(folder, "zfs_sync.db*").Sum(file => new FileInfo(file).Length);

    private async Task<double> HeadsPerSecondAsync(FleetClient client)
    {
        var rounds = Math.Max(1, FewestHeads / client.Hosts.Count);
        var spent = TimeSpan.Zero;
        for (var round = 0; round < rounds; round++)
            spent += await client.ReportUnchangedAsync(client.NextSequence());
        return rounds * client.Hosts.Count / spent.TotalSeconds;
    }

    private async Task PlanAsync(string folder, FleetClient client, int newest, int hosts, ProcessCost afterIntake)
    {
        var (first, _, _) = await PlanEverythingAsync(folder);
        var (again, cpu, cost) = await PlanEverythingAsync(folder);
        var (changes, later) = await PlanChangesAsync(folder, client, newest);
        var snapshots = Figure.Count((double)hosts * fleet.SnapshotsPerHost);
        memory.Add(
            Figure.Count(hosts),
            snapshots,
            $"{Figure.Megabytes(afterIntake.ResidentBytes)} ({Figure.Megabytes(afterIntake.PeakBytes)})",
            $"{Figure.Megabytes(cost.ResidentBytes)} ({Figure.Megabytes(cost.PeakBytes)})",
            Figure.Megabytes(cost.HeapBytes)
        );
        planning.Add(
            Figure.Count(hosts),
            Figure.Count(hosts / GeneratedFleet.HostsPerGroup * (GeneratedFleet.HostsPerGroup - 1) * DatasetsPerHost),
            Figure.Time(first),
            Figure.Time(again),
            Figure.Time(cpu),
            Figure.Time(changes[changes.Count / 2]),
            Figure.Time(changes[^1]),
            Figure.Time(later[later.Count / 2])
        );
        Console.WriteLine(memory);
        Console.WriteLine(planning);
    }

    /// <summary>Starts the witness, which plans everything once, and reads from its log how long that took.</summary>
    private static async Task<(TimeSpan Took, TimeSpan Cpu, ProcessCost Cost)> PlanEverythingAsync(string folder)
    {
        var (program, _) = await WitnessProgram.StartAsync(folder);
        await using (program)
        {
            var line = await program.LineAsync("Planned everything", PlanningLimit);
            var seconds = double.Parse(SecondsOf().Match(line).Groups[1].Value, CultureInfo.InvariantCulture);
            var cost = program.Cost;
            return (TimeSpan.FromSeconds(seconds), cost.Cpu, cost);
        }
    }

    /// <param name="host">A source that has taken no snapshot yet: each one makes what its targets lack longer.</param>
    /// <returns>What each change took, the shortest first; and then with past runs.</returns>
    private async Task<(List<TimeSpan> Changes, List<TimeSpan> WithRuns)> PlanChangesAsync(
        string folder,
        FleetClient client,
        int host
    )
    {
        await using var room = PlanningRoom.Open(folder);
        var (id, sequence, added) = (client.Hosts[host].Id, client.NextSequence(), 0);
        // The first few find cold caches and code that is not compiled yet; a witness that runs has neither.
        await MeasureAsync(5);
        var changes = await MeasureAsync(Changes);
        await room.AddRunsAsync(id, PastRuns);
        var withRuns = await MeasureAsync(Changes);
        await room.RemoveRunsAsync();
        client.Reported(host, added);
        return (changes, withRuns);

        async Task<List<TimeSpan>> MeasureAsync(int count)
        {
            var took = new List<TimeSpan>();
            for (var end = added + count; added < end; added++)
                took.Add(await room.PlanOneChangeAsync(id, fleet, host, added + 1, sequence + added + 1));
            return [.. took.Order()];
        }
    }

    [GeneratedRegex(@"in ([0-9.]+) s")]
    private static partial Regex SecondsOf();
}

using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Keys;
using ZfsSync.Contracts.Reports;
using ZfsSync.Contracts.Systems;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Features.Reports;
using ZfsSync.Witness.Features.Systems;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Benchmarks.Witness;

/// <summary>The witness's services in this process, without its loops: for what no request shows.</summary>
internal sealed class PlanningRoom : IAsyncDisposable
{
    private static readonly Caller Benchmark = new(Guid.Empty, KeyKind.Admin, "benchmark", null);
    private readonly WebApplication app;

    private PlanningRoom(WebApplication app) => this.app = app;

    public static PlanningRoom Open(string folder) =>
        new(
            ZfsSync.Witness.Program.Create(
                new WitnessOptions
                {
                    DataDir = folder,
                    DatabaseUrl = DatabaseUrl.Sqlite(Path.Combine(folder, "zfs_sync.db")),
                    Port = 0,
                    LogLevel = LogLevel.Warning,
                    HeartbeatTimeoutSeconds = WitnessProgram.SilenceSeconds,
                },
                services => services.RemoveAll<IHostedService>()
            )
        );

    /// <summary>On a database that is not there yet.</summary>
    public static async Task<PlanningRoom> OpenNewAsync(string folder)
    {
        var room = Open(folder);
        await room.Services.GetRequiredService<Migrator>().MigrateAsync(CancellationToken.None);
        return room;
    }

    public IServiceProvider Services => app.Services;

    public async Task<Guid> RegisterAsync(string hostname)
    {
        var enrollment = Services.GetRequiredService<HostEnrollment>();
        var registration = new SystemRegistration { Hostname = hostname, Platform = "linux" };
        var (system, _) = await enrollment.EnrollAsync(registration, replace: false, Benchmark, CancellationToken.None);
        return system.Id;
    }

    /// <summary>Hosts with their first reports.</summary>
    public async Task<IReadOnlyDictionary<int, (Guid Id, string Key)>> FillAsync(GeneratedFleet fleet, int count)
    {
        var hosts = new Dictionary<int, (Guid Id, string Key)>();
        for (var host = 0; host < count; host++)
        {
            hosts[host] = (await RegisterAsync(GeneratedFleet.Hostname(host)), "");
            await TakeAsync(hosts[host].Id, HostRequests.Of(fleet.Inventory(host), sequence: 1));
        }
        Services.GetRequiredService<PlanningBell>().Take();
        return hosts;
    }

    /// <summary>Joins the hosts of each ten into a hub and nine targets. Nothing is planned yet.</summary>
    public async Task CreateGroupsAsync(IReadOnlyDictionary<int, (Guid Id, string Key)> hosts, int from, int to)
    {
        var editing = app.Services.GetRequiredService<GroupEditing>();
        foreach (var members in Enumerable.Range(from, to - from).Chunk(GeneratedFleet.HostsPerGroup))
        {
            var hub = hosts[members[0]].Id;
            var group = new GroupDefinition
            {
                Name = $"group{members[0]:0000}",
                Mode = GroupMode.Hub,
                HubSystemId = hub,
                Members =
                [
                    .. members.Select(host => new GroupMember
                    {
                        SystemId = hosts[host].Id,
                        Root = "tank",
                        Role = host == members[0] ? MemberRole.Source : MemberRole.Target,
                    }),
                ],
            };
            await editing.CreateAsync(group, Benchmark, CancellationToken.None);
        }
        app.Services.GetRequiredService<PlanningBell>().Take();
    }

    /// <summary>A host reports one more snapshot in one dataset; then only what that changes is planned, which is timed.</summary>
    public async Task<TimeSpan> PlanOneChangeAsync(
        Guid systemId,
        GeneratedFleet fleet,
        int host,
        int added,
        long sequence
    )
    {
        await TakeAsync(systemId, HostRequests.Of(fleet.Inventory(host, added), sequence));
        var changes = app.Services.GetRequiredService<PlanningBell>().Take();
        if (changes.Datasets.Count != 1)
            throw new InvalidOperationException($"{changes.Datasets.Count} datasets changed instead of one.");
        var planning = app.Services.GetRequiredService<EdgePlanning>();
        var started = Stopwatch.GetTimestamp();
        await planning.PlanChangesAsync(changes, CancellationToken.None);
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Gives each edge of a host's first dataset a past: runs that are done and proven, as they stay for months.</summary>
    public Task AddRunsAsync(Guid systemId, int count) =>
        Services
            .GetRequiredService<Database>()
            .WriteAsync(
                session =>
                    session.ExecuteAsync(
                        """
                        with recursive past (i) as (select 1 union all select i + 1 from past where i < @count)
                        insert into instructions (id, edge_id, group_id, executor_system_id, target_system_id,
                            target_dataset, kind, state, plan_key, document, proven, created_at, started_at, outcome_at)
                        select 'past-' || edge_id || '-' || i, edge_id, group_id, executor_system_id, target_system_id,
                            target_dataset, kind, 'done', plan_key, document, true, i, i, i
                        from past, instructions
                        where state = 'pending' and edge_id in (
                            select id from edges where source_system_id = @systemId and source_dataset = 'tank/service000')
                        """,
                        new { systemId, count }
                    ),
                CancellationToken.None
            );

    public Task RemoveRunsAsync() =>
        Services
            .GetRequiredService<Database>()
            .WriteAsync(
                session => session.ExecuteAsync("delete from instructions where state = 'done'"),
                CancellationToken.None
            );

    private async Task TakeAsync(Guid systemId, HostRequests requests)
    {
        var intake = Services.GetRequiredService<ReportIntake>();
        foreach (var json in requests.Lists)
        {
            var body = new Body<InventoryReport>(RequestBody.Read<InventoryReport>(json), json);
            await intake.TakeAsync(systemId, body, CancellationToken.None);
        }
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}

using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Features.Instructions;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>
/// Plans what the bell names, and by the clock what time alone has changed: leases that ended, retries that fell due,
/// hosts that fell silent or came back. After a start everything is planned once.
/// </summary>
internal sealed class PlanningLoop(
    Database database,
    PlanningBell bell,
    GroupStore groups,
    EdgeStore edges,
    InstructionStore instructions,
    HostFactsStore hosts,
    EdgePlanning planning,
    WitnessOptions options,
    TimeProvider time,
    ILogger<PlanningLoop> log
) : BackgroundService
{
    private const int DueAtOnce = 1000;
    private static readonly int GroupsAtOnce = Math.Clamp(Environment.ProcessorCount, 1, 4);
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);
    private HashSet<Guid> silent = [];
    private DateTimeOffset ticked;

    /// <summary>Everything once, as after a start. Groups do not wait for each other, so several are planned at once.</summary>
    public async Task PlanAllAsync(CancellationToken cancellation, int atOnce = 1)
    {
        var started = time.GetTimestamp();
        ticked = time.GetUtcNow();
        silent = [.. await SilentAsync(cancellation)];
        var ids = await database.ReadAsync(groups.IdsAsync, cancellation);
        await Parallel.ForEachAsync(
            ids,
            new ParallelOptions { MaxDegreeOfParallelism = atOnce, CancellationToken = cancellation },
            async (id, stopping) => await planning.PlanGroupAsync(id, stopping)
        );
        log.LogInformation(
            "Planned everything: {Groups} groups in {Seconds:0.000} s",
            ids.Count,
            time.GetElapsedTime(started).TotalSeconds
        );
    }

    /// <summary>What time alone has changed.</summary>
    public async Task TickAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        // What is noted to fall due was noted by another clock.
        if (now + Tick < ticked)
            await PlanAllAsync(cancellation);
        ticked = now;
        IReadOnlyList<UnitName> ended = await database.ReadAsync(s => instructions.HaveEndedAsync(s, now), cancellation)
            ? await database.WriteAsync(s => instructions.ExpireAsync(s, now), cancellation)
            : [];
        var due = await database.ReadAsync(s => edges.DueAsync(s, now, DueAtOnce), cancellation);
        foreach (var group in ended.Concat(due).GroupBy(u => u.GroupId))
            await planning.PlanAsync(
                new PlanningRequest(
                    group.Key,
                    [.. group.Select(u => u.LogicalDataset).Distinct()],
                    group.Select(u => u.TargetSystemId).ToHashSet()
                ),
                cancellation
            );
        var quiet = await SilentAsync(cancellation);
        foreach (var turned in quiet.Except(silent).Concat(silent.Except(quiet)).ToList())
            await PlanSystemAsync(turned, cancellation);
        silent = [.. quiet];
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await GuardAsync(() => PlanAllAsync(stoppingToken, GroupsAtOnce), stoppingToken);
        var rung = bell.WaitAsync(stoppingToken);
        // Not by the clock, which may be put back.
        var lastTick = time.GetTimestamp();
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.WhenAny(rung, PauseAsync(Tick - time.GetElapsedTime(lastTick), stoppingToken));
            if (rung.IsCompletedSuccessfully)
            {
                var changes = await rung;
                if (!await GuardAsync(() => planning.PlanChangesAsync(changes, stoppingToken), stoppingToken))
                {
                    bell.Again(changes);
                    await PauseAsync(Tick, stoppingToken);
                }
                rung = bell.WaitAsync(stoppingToken);
            }
            if (time.GetElapsedTime(lastTick) < Tick)
                continue;
            lastTick = time.GetTimestamp();
            await GuardAsync(() => TickAsync(stoppingToken), stoppingToken);
        }
    }

    private async Task PauseAsync(TimeSpan pause, CancellationToken stopping)
    {
        if (pause > TimeSpan.Zero)
            await Task.Delay(pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task PlanSystemAsync(Guid systemId, CancellationToken cancellation)
    {
        var units = await database.ReadAsync(s => edges.OfSystemAsync(s, systemId), cancellation);
        foreach (var group in units.GroupBy(u => u.GroupId))
            await planning.PlanAsync(
                new PlanningRequest(
                    group.Key,
                    [.. group.Select(u => u.LogicalDataset)],
                    new HashSet<Guid> { systemId }
                ),
                cancellation
            );
    }

    private Task<IReadOnlySet<Guid>> SilentAsync(CancellationToken cancellation) =>
        database.ReadAsync(s => hosts.SilentAsync(s, time.GetUtcNow(), SilenceLimits.Of(options)), cancellation);

    /// <summary>A fault in one turn must not end planning for good. Whether there was none.</summary>
    private async Task<bool> GuardAsync(Func<Task> turn, CancellationToken stopping)
    {
        try
        {
            await turn();
            return true;
        }
        catch (Exception fault)
            when (fault is OperationCanceledException or ObjectDisposedException && stopping.IsCancellationRequested)
        {
            return true;
        }
        catch (Exception fault) when (database.Dialect.Remedy(fault) is { } remedy)
        {
            log.LogError("Planning waits for the database: {Fault} {Remedy}", fault.Message, remedy);
            return false;
        }
#pragma warning disable CA1031 // Whatever it is, it is logged, and the loop lives on.
        catch (Exception fault)
        {
            log.LogError(fault, "Planning failed; it is tried again");
            return false;
        }
#pragma warning restore CA1031
    }
}

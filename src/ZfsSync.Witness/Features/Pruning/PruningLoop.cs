using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Pruning;

/// <summary>Forgets, from time to time, what is older than the settings want it kept. Replicas may do it at once; each row goes once.</summary>
internal sealed class PruningLoop(
    Database database,
    PruningStore store,
    WitnessOptions options,
    TimeProvider time,
    ILogger<PruningLoop> log
) : BackgroundService
{
    private const int RowsAtOnce = 2000;
    private static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    /// <summary>What nobody can use any more is kept this long, to be seen when somebody wonders.</summary>
    private static readonly TimeSpan Remnants = TimeSpan.FromDays(1);

    /// <summary>Deletes all that is due now. How many rows.</summary>
    public async Task<long> PruneAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var runs = now.AddDays(-options.RunRetentionDays);
        return await AllAsync(store.TombstonesAsync, now.AddDays(-options.TombstoneRetentionDays), cancellation)
            + await AllAsync(store.WithdrawnAsync, now - Remnants, cancellation)
            + await AllAsync(store.RunsAsync, runs, cancellation)
            + await AllAsync(store.ApprovalsAsync, runs, cancellation)
            + await AllAsync(store.AuditAsync, now.AddDays(-options.AuditRetentionDays), cancellation)
            + await AllAsync(store.PartsAsync, now - Remnants, cancellation);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(Pause, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            try
            {
                var pruned = await PruneAsync(stoppingToken);
                log.LogDebug("Pruned {Rows} rows", pruned);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever it is, it is logged, and the loop lives on.
            catch (Exception fault)
            {
                log.LogError(fault, "Pruning failed; it is tried again in an hour");
            }
#pragma warning restore CA1031
        }
    }

    private async Task<long> AllAsync(
        Func<Session, DateTimeOffset, int, Task<int>> delete,
        DateTimeOffset before,
        CancellationToken cancellation
    )
    {
        var total = 0L;
        int deleted;
        do
        {
            deleted = await database.WriteAsync(s => delete(s, before, RowsAtOnce), cancellation);
            total += deleted;
        } while (deleted == RowsAtOnce);
        return total;
    }
}

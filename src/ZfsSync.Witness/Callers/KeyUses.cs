using System.Collections.Concurrent;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Callers;

/// <summary>When keys were last used: remembered here, written once a minute and at the end, never while a caller waits.</summary>
internal sealed class KeyUses(Database database, KeyStore store, TimeProvider time, ILogger<KeyUses> log)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<Guid, DateTimeOffset> uses = new();

    public void Note(Guid keyId) => uses[keyId] = time.GetUtcNow();

    public async Task WriteAsync(CancellationToken cancellation)
    {
        var noted = uses.ToArray();
        if (noted.Length == 0)
            return;
        await database.WriteAsync(session => store.SetLastUsedAsync(session, noted), cancellation);
        // Only now, so that nothing is lost when it fails; one that was used again meanwhile stays.
        foreach (var use in noted)
            uses.TryRemove(use);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryWriteAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            await TryWriteAsync(CancellationToken.None);
        }
    }

    private async Task TryWriteAsync(CancellationToken cancellation)
    {
        try
        {
            await WriteAsync(cancellation);
        }
        catch (Exception fault) when (fault is System.Data.Common.DbException or TimeoutException)
        {
            log.LogWarning("When keys were last used was not written: {Fault}", fault.Message);
        }
    }
}

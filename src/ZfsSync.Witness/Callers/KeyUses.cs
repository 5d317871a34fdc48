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
        var taken = new List<KeyValuePair<Guid, DateTimeOffset>>();
        foreach (var key in uses.Keys)
        {
            if (uses.TryRemove(key, out var at))
                taken.Add(new(key, at));
        }
        if (taken.Count > 0)
            await database.WriteAsync(session => store.SetLastUsedAsync(session, taken), cancellation);
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
            log.LogWarning(fault, "The last use of keys was not written");
        }
    }
}

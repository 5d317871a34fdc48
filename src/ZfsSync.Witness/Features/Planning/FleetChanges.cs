using System.Collections.Concurrent;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>
/// Wakes what waits for news: the long polls of the hosts that the news are for, and everybody who watches the fleet. News
/// of other replicas come in through <see cref="ReplicaNews"/>; while they cannot, whoever waits looks again by itself.
/// </summary>
internal sealed class FleetChanges(TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, TaskCompletionSource> hosts = new();
    private TaskCompletionSource next = New();

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>What is told here, for other replicas; called with the hosts that it is for.</summary>
    public Action<IReadOnlyCollection<Guid>>? Told { get; set; }

    /// <summary>After how long to look although there were no news.</summary>
    public TimeSpan LookAgain { get; private set; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether the news of every replica reach this one.</summary>
    public bool HearsEveryone
    {
        set => LookAgain = TimeSpan.FromSeconds(value ? 30 : 3);
    }

    /// <summary>Something that people look at has changed, and is committed; agents of these hosts have something to look at too.</summary>
    public void Notify(IReadOnlyCollection<Guid>? forHosts = null)
    {
        Hear(forHosts ?? []);
        Told?.Invoke(forHosts ?? []);
    }

    /// <summary>News of another replica.</summary>
    public void Hear(IEnumerable<Guid> forHosts)
    {
        foreach (var host in forHosts)
        {
            if (hosts.TryRemove(host, out var waiting))
                waiting.TrySetResult();
        }
        Interlocked.Exchange(ref next, New()).TrySetResult();
    }

    /// <summary>News may have been missed: everybody looks again.</summary>
    public void HearAll() => Hear(hosts.Keys);

    /// <summary>Take this before looking, wait for it after: then no news is missed between the two.</summary>
    public Task Next() => Volatile.Read(ref next).Task;

    /// <summary>The same, for what only this host's agent wants to know.</summary>
    public Task Next(Guid host) => hosts.GetOrAdd(host, _ => New()).Task;

    /// <summary>Waits for news, but no longer than a time, and looks again from time to time anyway.</summary>
    public async Task WaitAsync(Task news, TimeSpan longest, CancellationToken cancellation)
    {
        if (longest <= TimeSpan.Zero)
            return;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(news, Task.Delay(longest < LookAgain ? longest : LookAgain, time, ended.Token));
        await ended.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

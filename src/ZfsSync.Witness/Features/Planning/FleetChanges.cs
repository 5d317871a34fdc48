namespace ZfsSync.Witness.Features.Planning;

/// <summary>
/// Wakes what waits for news inside this process: long polls and event streams. Another replica's news are found by
/// looking again after a while, so everything here is only about being quick.
/// </summary>
internal sealed class FleetChanges(TimeProvider time)
{
    private TaskCompletionSource next = New();

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Something that people or agents look at has changed, and is committed.</summary>
    public void Notify() => Interlocked.Exchange(ref next, New()).TrySetResult();

    /// <summary>Take this before looking, wait for it after: then no news is missed between the two.</summary>
    public Task Next() => Volatile.Read(ref next).Task;

    /// <summary>Waits for news, but no longer than a time. Whether there were any.</summary>
    public async Task<bool> WaitAsync(Task news, TimeSpan longest, CancellationToken cancellation)
    {
        if (longest <= TimeSpan.Zero)
            return news.IsCompleted;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pause = Task.Delay(longest, time, ended.Token);
        var first = await Task.WhenAny(news, pause);
        await ended.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
        return first == news;
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

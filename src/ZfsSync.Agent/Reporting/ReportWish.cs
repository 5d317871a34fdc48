namespace ZfsSync.Agent.Reporting;

/// <summary>The latest request to report at once, and the waking up for it.</summary>
internal sealed class ReportWish
{
    private readonly Lock _gate = new();
    private DateTimeOffset? _open;
    private TaskCompletionSource _asked = New();

    /// <summary>Ends a wait, now or the next one; the same request again does nothing.</summary>
    public void Ask(DateTimeOffset at)
    {
        lock (_gate)
        {
            if (_open >= at)
                return;
            _open = at;
            _asked.TrySetResult();
        }
    }

    /// <summary>A report begins. What it answers when it succeeds; what is asked from now on is for the next one.</summary>
    public DateTimeOffset? Begin()
    {
        lock (_gate)
        {
            if (_asked.Task.IsCompleted)
                _asked = New();
            return _open;
        }
    }

    /// <summary>A report that answered this was accepted.</summary>
    public void Fulfil(DateTimeOffset? wish)
    {
        lock (_gate)
        {
            if (_open == wish)
                _open = null;
        }
    }

    /// <summary>Waits, but not on while somebody asks. After a failure the request stands, and the pause holds.</summary>
    public async Task WaitAsync(TimeSpan pause, TimeProvider time, CancellationToken cancellation)
    {
        Task asked;
        lock (_gate)
            asked = _asked.Task;
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(Task.Delay(pause, time, ending.Token), asked);
        await ending.CancelAsync();
        cancellation.ThrowIfCancellationRequested();
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

namespace ZfsSync.Tests.Fleet.Faults;

/// <summary>
/// The one thread of a story: whatever in it goes on later does so here, in the order in which it could, so that the same seed
/// is the same story however busy the machine is.
/// </summary>
internal sealed class StoryThread : SynchronizationContext
{
    private readonly Lock _gate = new();
    private readonly Queue<(SendOrPostCallback Act, object? State)> _waiting = [];
    private readonly SemaphoreSlim _count = new(0);

    /// <summary>Tells it on a thread of its own, with an app of its own.</summary>
    public static T Tell<T>(Func<Task<T>> tell)
    {
        Task<T>? told = null;
        var thread = new Thread(() =>
        {
            FleetApp.Keep();
            told = new StoryThread().Run(tell);
        });
        thread.Start();
        thread.Join();
        return told!.GetAwaiter().GetResult();
    }

    /// <summary>Lets everything go on that can, before the story does.</summary>
    public static async Task SettleAsync()
    {
        while (Current is StoryThread { HasWork: true })
            await Task.Yield();
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        lock (_gate)
            _waiting.Enqueue((d, state));
        _count.Release();
    }

    private bool HasWork
    {
        get
        {
            lock (_gate)
                return _waiting.Count > 0;
        }
    }

    private Task<T> Run<T>(Func<Task<T>> tell)
    {
        SetSynchronizationContext(this);
        var told = tell();
        told.GetAwaiter().UnsafeOnCompleted(() => Post(_ => { }, null));
        while (!told.IsCompleted)
        {
            _count.Wait();
            (SendOrPostCallback Act, object? State) next;
            lock (_gate)
                next = _waiting.Dequeue();
            next.Act(next.State);
        }
        return told;
    }
}

namespace ZfsSync.Agent.Execution;

/// <summary>
/// Small transfers that are under way at the same time are concluded together, and their successors prepared together: one
/// process reads many copies for hardly more than one. So one that has streamed waits for others that still do; some at a
/// time, so that others stream meanwhile, and not for long. Large ones wait for nobody.
/// </summary>
internal sealed class Companions(AgentOptions options, TimeProvider time)
{
    /// <summary>So many do not wait for more.</summary>
    public const int Enough = 16;

    /// <summary>Then whoever is there is enough.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private int _streaming;
    private int _waiting;
    private int _concluding;
    private TaskCompletionSource _together = new();
    private TaskCompletionSource _concluded = new();

    /// <summary>Whether more than one is under way.</summary>
    public bool AreSeveral
    {
        get
        {
            lock (_gate)
                return _streaming + _waiting + _concluding > 1;
        }
    }

    /// <summary>A transfer begins; its place is given up when it has been concluded.</summary>
    public Place Join(ulong? estimatedBytes)
    {
        if (options.SmallTransfersPerSlot == 1 || !options.IsSmall(estimatedBytes))
            return new Place(null);
        lock (_gate)
            _streaming++;
        return new Place(this);
    }

    /// <summary>Waits until those that are being concluded have been: then their places can be filled together.</summary>
    public Task ConcludedAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return _concluding == 0 ? Task.CompletedTask : WaitAsync(_concluded.Task, cancellation);
    }

    private async Task LeaveAsync(bool waits, CancellationToken cancellation)
    {
        Task together;
        TaskCompletionSource? enough = null;
        lock (_gate)
        {
            _streaming--;
            if (waits)
                _waiting++;
            together = waits ? _together.Task : Task.CompletedTask;
            if (_streaming == 0 || _waiting >= Enough)
                enough = Release();
        }
        enough?.SetResult();
        await WaitAsync(together, cancellation);
        // Whoever has waited longest takes the others along.
        lock (_gate)
        {
            enough = together.IsCompleted || together != _together.Task ? null : Release();
            _concluding++;
        }
        enough?.SetResult();
    }

    private void End(bool wasConcluding)
    {
        TaskCompletionSource? concluded = null;
        lock (_gate)
        {
            if (!wasConcluding)
                _streaming--;
            else if (--_concluding == 0)
                (concluded, _concluded) = (_concluded, new TaskCompletionSource());
        }
        concluded?.SetResult();
    }

    private async Task WaitAsync(Task awaited, CancellationToken cancellation)
    {
        if (awaited.IsCompleted)
            return;
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        await Task.WhenAny(awaited, Task.Delay(LongestWait, time, ended.Token));
        ended.Cancel();
    }

    /// <summary>Those that wait, to be completed outside of the gate: they go on in place.</summary>
    private TaskCompletionSource Release()
    {
        _waiting = 0;
        var together = _together;
        _together = new TaskCompletionSource();
        return together;
    }

    /// <summary>One transfer's place among the others.</summary>
    internal sealed class Place(Companions? companions) : IDisposable
    {
        private bool _concludes;

        /// <summary>It does not stream any more. Waits for those that end soon, if there is something to conclude.</summary>
        public async Task LeaveAsync(bool hasToConclude, CancellationToken cancellation)
        {
            if (companions is null)
                return;
            await companions.LeaveAsync(hasToConclude, cancellation);
            _concludes = true;
        }

        public void Dispose() => companions?.End(_concludes);
    }
}

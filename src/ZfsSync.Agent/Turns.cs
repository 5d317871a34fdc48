namespace ZfsSync.Agent;

/// <summary>
/// So many at a time, first come first served. Whoever waited goes on where it came from: a cancellable wait of
/// <see cref="SemaphoreSlim"/> goes on by way of the thread pool, so what is simulated would not be repeatable.
/// </summary>
internal sealed class Turns(int atOnce)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private int _free = atOnce;

    /// <summary>Waits for a turn; <see cref="GiveBack"/> ends it.</summary>
    /// <exception cref="OperationCanceledException">There was none until then; nothing is taken.</exception>
    public async Task TakeAsync(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_free > 0)
            {
                _free--;
                return;
            }
            _waiting.AddLast(turn);
        }
        using (cancellation.UnsafeRegister(_ => StopWaiting(turn, cancellation), null))
            await turn.Task;
    }

    public void GiveBack()
    {
        lock (_gate)
        {
            if (_waiting.First is not { } next)
            {
                _free++;
                return;
            }
            _waiting.RemoveFirst();
            next.Value.SetResult();
        }
    }

    private void StopWaiting(TaskCompletionSource turn, CancellationToken cancellation)
    {
        lock (_gate)
        {
            // Else it has got its turn in this moment.
            if (_waiting.Remove(turn))
                turn.SetCanceled(cancellation);
        }
    }
}

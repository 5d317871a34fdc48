using ZfsSync.Contracts;

namespace ZfsSync.Witness.Http;

/// <summary>
/// Bounds what large request bodies take of the memory together, when a whole fleet reports at once: they are let in as
/// they came, as many as fit; some wait, unread; the others are told to come back.
/// </summary>
internal sealed class BodyGate
{
    /// <summary>Bodies up to here always come in.</summary>
    public const int SmallBytes = 64 << 10;
    private const int RetryAfterSeconds = 5;
    private readonly Lock gate = new();
    private readonly Queue<Turn> queue = new();
    private readonly long capacity;
    private readonly int mostWaiting;
    private long free;
    private int waiting;

    /// <param name="capacity">How many bytes are let in together.</param>
    /// <param name="mostWaiting">How many bodies wait for their turn.</param>
    public BodyGate(long capacity, int mostWaiting) =>
        (this.capacity, this.mostWaiting, free) = (capacity, mostWaiting, capacity);

    public static BodyGate OfThisMachine() => new(Environment.ProcessorCount * (8L << 20), mostWaiting: 32);

    /// <summary>Waits for the turn of a body of this size. Dispose what is returned when its memory is not needed any more.</summary>
    /// <exception cref="RefusedException">Too many wait already.</exception>
    public async Task<IDisposable> EnterAsync(long bytes, CancellationToken cancellation)
    {
        // One that is larger than all there is comes in alone.
        var turn = new Turn(this, Math.Min(bytes, capacity));
        lock (gate)
        {
            if (waiting >= mostWaiting)
                throw Busy();
            waiting++;
            queue.Enqueue(turn);
            LetIn();
        }
        try
        {
            await turn.Entered.WaitAsync(cancellation);
            return turn;
        }
        catch
        {
            turn.Dispose();
            throw;
        }
    }

    private void LetIn()
    {
        while (queue.TryPeek(out var next) && (next.HasLeft || next.Bytes <= free))
        {
            queue.Dequeue();
            if (next.HasLeft)
                continue;
            waiting--;
            free -= next.Bytes;
            next.Enter();
        }
    }

    private void Leave(Turn turn)
    {
        lock (gate)
        {
            if (turn.HasLeft)
                return;
            turn.HasLeft = true;
            if (turn.Entered.IsCompleted)
                free += turn.Bytes;
            else
                waiting--;
            LetIn();
        }
    }

    private static RefusedException Busy() =>
        new(
            Problems.Of(
                StatusCodes.Status503ServiceUnavailable,
                ProblemCodes.Busy,
                $"Many large requests came at once. Send this one again in {RetryAfterSeconds} seconds."
            ),
            RetryAfterSeconds
        );

    private sealed class Turn(BodyGate gate, long bytes) : IDisposable
    {
        private readonly TaskCompletionSource entered = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public long Bytes => bytes;

        public Task Entered => entered.Task;

        public bool HasLeft { get; set; }

        public void Enter() => entered.SetResult();

        public void Dispose() => gate.Leave(this);
    }
}

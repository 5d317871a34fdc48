namespace ZfsSync.Agent.Execution;

/// <summary>How far an execution is; written by its transfer, read by who tells the witness.</summary>
internal sealed class ExecutionProgress(TimeProvider time)
{
    private readonly Lock _gate = new();
    private long _bytesBefore;
    private long _bytes;
    private long _movedAt = time.GetTimestamp();

    public int Step { get; private set; }

    /// <summary>Steps that are known to have worked.</summary>
    public int StepsDone { get; private set; }

    /// <summary>Whether anything was changed on either side, so that there is something to look after.</summary>
    public bool HasActed { get; set; }

    /// <summary>The source's lists as they were checked before anything was done; null when it did not come to that.</summary>
    public SourceLists? Source { get; set; }

    /// <summary>False when nobody counts the bytes: then a standstill does not show.</summary>
    public bool IsMeasured { get; set; } = true;

    public long Bytes
    {
        get
        {
            lock (_gate)
                return _bytesBefore + _bytes;
        }
    }

    public TimeSpan SinceMoved
    {
        get
        {
            lock (_gate)
                return IsMeasured ? time.GetElapsedTime(_movedAt) : TimeSpan.Zero;
        }
    }

    public void Begin(int step)
    {
        lock (_gate)
        {
            Step = step;
            _bytesBefore += _bytes;
            _bytes = 0;
            _movedAt = time.GetTimestamp();
        }
    }

    public void Moved(long bytesOfStep)
    {
        lock (_gate)
        {
            if (bytesOfStep == _bytes)
                return;
            _bytes = bytesOfStep;
            _movedAt = time.GetTimestamp();
        }
    }

    public void EndSteps(int count) => StepsDone += count;
}

namespace ZfsSync.Testing;

/// <summary>A clock that stands still until a test moves it. Timers fire inside <see cref="Advance"/>, in order of their due time.</summary>
public sealed class ManualTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<ManualTimer> timers = [];
    private DateTimeOffset now = start;

    public ManualTimeProvider()
        : this(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero)) { }

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate)
            return now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Moves the clock on and fires every timer that becomes due on the way.</summary>
    public void Advance(TimeSpan by)
    {
        var end = GetUtcNow() + by;
        while (TakeDue(end) is { } timer)
            timer.Fire();
        lock (gate)
            now = end > now ? end : now;
    }

    /// <summary>How many timers wait, for a test that must know that a loop is at its delay.</summary>
    public int WaitingTimers
    {
        get
        {
            lock (gate)
                return timers.Count;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private ManualTimer? TakeDue(DateTimeOffset end)
    {
        lock (gate)
        {
            var due = timers.Where(timer => timer.Due <= end).MinBy(timer => timer.Due);
            if (due is null)
                return null;
            if (due.Due > now)
                now = due.Due;
            if (due.Period > TimeSpan.Zero)
                due.Due += due.Period;
            else
                timers.Remove(due);
            return due;
        }
    }

    private sealed class ManualTimer(ManualTimeProvider clock, Action callback) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var fireNow = dueTime == TimeSpan.Zero;
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                Period = period;
                if (dueTime != Timeout.InfiniteTimeSpan && !(fireNow && period <= TimeSpan.Zero))
                {
                    Due = clock.now + (fireNow ? period : dueTime);
                    clock.timers.Add(this);
                }
            }
            if (fireNow)
                ThreadPool.QueueUserWorkItem(_ => callback());
            return true;
        }

        public void Dispose()
        {
            lock (clock.gate)
                clock.timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

namespace ZfsSync.Witness.Storage;

/// <summary>
/// A clock whose instants are exactly those that the database gives back: an instant that is told to a caller and the
/// same one kept in a row compare equal.
/// </summary>
internal sealed class StoredClock(TimeProvider clock) : TimeProvider
{
    public override TimeZoneInfo LocalTimeZone => clock.LocalTimeZone;

    public override long TimestampFrequency => clock.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() =>
        ColumnMapping.FromMicroseconds(ColumnMapping.ToMicroseconds(clock.GetUtcNow()));

    public override long GetTimestamp() => clock.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        clock.CreateTimer(callback, state, dueTime, period);
}

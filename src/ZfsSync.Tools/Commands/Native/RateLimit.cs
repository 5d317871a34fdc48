namespace ZfsSync.Tools.Commands.Native;

/// <summary>
/// A token bucket that holds a tenth of a second: bytes go in small slices, evenly spaced, whatever the rate. Not safe
/// for several threads.
/// </summary>
internal sealed class RateLimit
{
    private const int SlicesPerSecond = 20;
    private const int LargestSlice = 1 << 20;
    private static readonly TimeSpan Bucket = TimeSpan.FromMilliseconds(100);

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly double _bytesPerSecond;

    /// <summary>When, in seconds since the start, everything that went will have been paid for.</summary>
    private double _paidAt;

    public RateLimit(long bytesPerSecond, TimeProvider time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytesPerSecond, 1);
        _time = time;
        _start = time.GetTimestamp();
        _bytesPerSecond = bytesPerSecond;
        SliceBytes = (int)Math.Clamp(bytesPerSecond / SlicesPerSecond, 1, LargestSlice);
    }

    /// <summary>The most to move at once.</summary>
    public int SliceBytes { get; }

    /// <summary>How long to wait before the next slice; zero when it may go.</summary>
    public TimeSpan Delay()
    {
        var ahead = _paidAt - Now - Bucket.TotalSeconds;
        return ahead > 0 ? TimeSpan.FromSeconds(ahead) : TimeSpan.Zero;
    }

    /// <summary>Counts what went. Time that passed unused is lost, beyond the bucket.</summary>
    public void Charge(long bytes) => _paidAt = Math.Max(_paidAt, Now) + bytes / _bytesPerSecond;

    private double Now => _time.GetElapsedTime(_start).TotalSeconds;
}

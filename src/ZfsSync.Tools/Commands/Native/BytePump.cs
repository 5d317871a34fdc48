using Microsoft.Win32.SafeHandles;

namespace ZfsSync.Tools.Commands.Native;

/// <summary>
/// Moves bytes from one program's pipe into another's, counting, reporting and limiting. On Linux they stay in the
/// kernel (splice); elsewhere they are copied.
/// </summary>
internal sealed unsafe class BytePump(PipeEnds before, PipeEnds behind, PipeOptions options, TimeProvider time)
    : IMeasuredJoint
{
    private const int Chunk = 1 << 20;

    private const int Half = PipeEnds.LargeBytes / 2;

    /// <summary>Even at 3 GB/s a large pipe does not fill in between.</summary>
    private const uint ShortestPause = 150;

    /// <summary>In microseconds too. At 100 MB/s a large pipe is half full then.</summary>
    private const uint LongestPause = 5000;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    private readonly RateLimit? _limit = options.BytesPerSecond is { } rate ? new RateLimit(rate, time) : null;
    private bool _canSplice = Platform.IsLinux;
    private uint _pause = ShortestPause;
    private byte[] _buffer = [];
    private long _bytes;

    /// <inheritdoc/>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Moves until the sender ends, the receiver has gone, or the stop; then closes both ends, which both notice.</summary>
    public void Run(CancellationToken stop)
    {
        var (from, to) = (before.Reader, behind.Writer);
        var gathers = before.IsLarge && _limit is null;
        // Held open here even when a program that hangs in the kernel is given up and everything else lets go.
        var isHeld = false;
        from.DangerousAddRef(ref isHeld);
        to.DangerousAddRef(ref isHeld);
        try
        {
            var reported = time.GetTimestamp();
            while (Wait(stop) && Move(from, to) is > 0 and var moved)
            {
                Interlocked.Add(ref _bytes, moved);
                _limit?.Charge(moved);
                if (gathers)
                    Gather(moved);
                if (options.OnProgress is null || time.GetElapsedTime(reported) < ReportEvery)
                    continue;
                reported = time.GetTimestamp();
                options.OnProgress(Bytes);
            }
        }
        finally
        {
            to.DangerousRelease();
            to.Dispose();
            from.DangerousRelease();
            from.Dispose();
        }
    }

    /// <summary>
    /// While less than half a pipe comes at once, the next look waits: waking for every piece that a program writes costs
    /// more than moving it. The longer, the slower the stream is; the pipe before takes what comes meanwhile.
    /// </summary>
    private void Gather(nint moved)
    {
        if (moved >= Half)
        {
            _pause = Math.Max(ShortestPause, _pause / 4);
            return;
        }
        _ = Libc.Pause(_pause);
        if (moved < Half / 4)
            _pause = Math.Min(LongestPause, _pause * 2);
    }

    /// <returns>False when the stop came first.</returns>
    private bool Wait(CancellationToken stop)
    {
        if (_limit is null)
            return !stop.IsCancellationRequested;
        for (var delay = _limit.Delay(); delay > TimeSpan.Zero; delay = _limit.Delay())
        {
            // Rounded up to a millisecond, the finest wait there is; the bucket evens it out.
            if (stop.WaitHandle.WaitOne(Math.Max(1, (int)Math.Min(delay.TotalMilliseconds, 1000))))
                return false;
        }
        return !stop.IsCancellationRequested;
    }

    /// <returns>The bytes moved; 0 or less when there will be no more.</returns>
    private nint Move(SafeFileHandle from, SafeFileHandle to)
    {
        var most = _limit?.SliceBytes ?? Chunk;
        while (_canSplice)
        {
            var moved = Libc.Splice(
                (int)from.DangerousGetHandle(),
                null,
                (int)to.DangerousGetHandle(),
                null,
                most,
                Platform.LinuxSpliceMove
            );
            if (moved >= 0)
                return moved;
            // Kernels that only pretend to be Linux do not have it.
            if (Platform.LastError is Platform.ErrorInvalid or Platform.ErrorNotImplemented)
                _canSplice = false;
            else if (Platform.LastError != Platform.ErrorInterrupted)
                return -1;
        }
        return Copy((int)from.DangerousGetHandle(), (int)to.DangerousGetHandle(), most);
    }

    private nint Copy(int from, int to, int most)
    {
        if (_buffer.Length == 0)
            _buffer = GC.AllocateUninitializedArray<byte>(Math.Min(most, 256 * 1024), pinned: true);
        fixed (byte* buffer = _buffer)
        {
            var got = Again(Libc.Read, from, buffer, _buffer.Length);
            for (nint sent = 0; sent < got; )
            {
                var put = Again(Libc.Write, to, buffer + sent, got - sent);
                if (put < 0)
                    return -1;
                sent += put;
            }
            return got;
        }
    }

    private delegate nint Transfer(int fd, byte* buffer, nint count);

    private static nint Again(Transfer transfer, int fd, byte* buffer, nint count)
    {
        nint done;
        do
        {
            done = transfer(fd, buffer, count);
        } while (done < 0 && Platform.LastError == Platform.ErrorInterrupted);
        return done;
    }
}

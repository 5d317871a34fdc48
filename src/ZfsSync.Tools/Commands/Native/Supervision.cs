using Microsoft.Win32.SafeHandles;

namespace ZfsSync.Tools.Commands.Native;

/// <summary>
/// Sees some programs through to their end on the calling thread: reads what they say, ends them when told to, and
/// leaves no process and no descriptor behind.
/// </summary>
internal sealed unsafe class Supervision(TimeProvider time)
{
    /// <summary>How long a program may take to end itself when asked to.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(3);

    /// <summary>After this an ended program is given up: it hangs in the kernel, on a suspended pool for instance.</summary>
    private static readonly TimeSpan GiveUp = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long the silence of a stream that a program left open counts as its end: something that it started still
    /// has it (old versions of ssh leave it to the shared connection's process).
    /// </summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private const int TickMilliseconds = 100;

    /// <summary>Where every program tells its end, and none is being ended, there is nothing to look at.</summary>
    private const int LongTickMilliseconds = 500;

    private const int BufferBytes = 64 * 1024;

    private readonly List<ChildProcess> _children = [];
    private readonly List<(SafeFileHandle End, SpanAction Sink)> _streams = [];
    private readonly byte[] _buffer = new byte[BufferBytes];
    private volatile bool _isEnding;

    /// <summary>Takes bytes.</summary>
    public delegate void SpanAction(ReadOnlySpan<byte> bytes);

    /// <summary>What a sink threw first; it ended the programs.</summary>
    public Exception? Fault { get; private set; }

    /// <summary>Whether the programs did not end although they were killed.</summary>
    public bool WasGivenUp { get; private set; }

    public void Watch(ChildProcess child) => _children.Add(child);

    public void Watch(SafeFileHandle end, SpanAction sink) => _streams.Add((end, sink));

    /// <summary>Asks all programs to end. From any thread, at any time.</summary>
    public void End()
    {
        _isEnding = true;
        foreach (var child in _children)
            child.Signal(Platform.SignalTerminate);
    }

    /// <summary>Returns when all programs have ended, and their streams.</summary>
    public void Run()
    {
        long? endingSince = null;
        var isKilled = false;
        long? quietSince = null;
        while (true)
        {
            var heard = Listen();
            var areGone = _children.TrueForAll(child => child.HasExited());
            if (areGone && _streams.Count == 0)
                return;
            quietSince = areGone && !heard ? quietSince ?? time.GetTimestamp() : null;
            if (quietSince is { } quiet && time.GetElapsedTime(quiet) > Linger)
                return;
            if (!_isEnding)
                continue;
            endingSince ??= time.GetTimestamp();
            var elapsed = time.GetElapsedTime(endingSince.Value);
            if (elapsed > Grace && !isKilled)
            {
                _children.ForEach(child => child.Signal(Platform.SignalKill));
                isKilled = true;
            }
            if (elapsed > GiveUp && !areGone)
            {
                WasGivenUp = true;
                return;
            }
        }
    }

    /// <summary>Kills what a program left running in its group, lets go of the programs, and tells how they ended.</summary>
    /// <returns>Exit codes in the order of <see cref="Watch(ChildProcess)"/>.</returns>
    public IReadOnlyList<int> Finish()
    {
        foreach (var (end, _) in _streams)
            end.Dispose();
        _streams.Clear();
        _children.ForEach(child => child.Signal(Platform.SignalKill));
        return [.. _children.Select(child => child.Reap())];
    }

    /// <summary>Waits for something to happen, a tick at most, and reads what came.</summary>
    private bool Listen()
    {
        var count = _streams.Count + _children.Count;
        var entries = stackalloc PollEntry[count];
        var used = 0;
        foreach (var (end, _) in _streams)
            entries[used++] = Entry(end);
        var isTold = false;
        foreach (var child in _children)
        {
            if (child.HasExited())
                continue;
            isTold = !child.ExitNotice.IsInvalid;
            if (!isTold)
                break;
            entries[used++] = Entry(child.ExitNotice);
        }
        var tick =
            !isTold ? TickMilliseconds / 10
            : _isEnding ? TickMilliseconds
            : LongTickMilliseconds;
        _ = Libc.Poll(entries, (nuint)used, tick);
        var heard = false;
        for (var i = _streams.Count - 1; i >= 0; i--)
        {
            if (entries[i].Returned != 0)
                heard |= Read(i);
        }
        return heard;
    }

    private static PollEntry Entry(SafeFileHandle end) =>
        new() { Fd = (int)end.DangerousGetHandle(), Events = Platform.PollIn };

    private bool Read(int stream)
    {
        var (end, sink) = _streams[stream];
        nint got;
        fixed (byte* buffer = _buffer)
            got = Libc.Read((int)end.DangerousGetHandle(), buffer, BufferBytes);
        if (got < 0 && Platform.LastError == Platform.ErrorInterrupted)
            return false;
        if (got <= 0)
        {
            end.Dispose();
            _streams.RemoveAt(stream);
            return false;
        }
        if (Fault is not null)
            return true;
        try
        {
            sink(_buffer.AsSpan(0, (int)got));
        }
        catch (Exception fault)
        {
            Fault = fault;
            End();
        }
        return true;
    }
}

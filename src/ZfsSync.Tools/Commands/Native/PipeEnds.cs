using Microsoft.Win32.SafeHandles;

namespace ZfsSync.Tools.Commands.Native;

/// <summary>A kernel pipe. Both ends close themselves when a program is started: children get only what is handed to them.</summary>
internal sealed class PipeEnds : IDisposable
{
    /// <summary>Room for a burst of a fast sender while the receiver waits for its disk. Unprivileged processes may ask for this much.</summary>
    public const int LargeBytes = 1 << 20;

    /// <summary>Below are stdin, stdout and stderr, which a program without them would get mixed up with.</summary>
    private const int FirstFree = 3;

    private PipeEnds(SafeFileHandle reader, SafeFileHandle writer, bool isLarge)
    {
        Reader = reader;
        Writer = writer;
        IsLarge = isLarge;
    }

    public SafeFileHandle Reader { get; }

    public SafeFileHandle Writer { get; }

    /// <summary>Whether it holds <see cref="LargeBytes"/>, and not what the system gives by itself.</summary>
    public bool IsLarge { get; }

    /// <param name="large">Asks for <see cref="LargeBytes"/>.</param>
    /// <exception cref="IOException">No file descriptors are left.</exception>
    public static unsafe PipeEnds Create(bool large = false)
    {
        var ends = stackalloc int[2];
        if (Libc.Pipe2(ends, Platform.OpenCloseOnExec) != 0)
            throw new IOException($"Cannot make a pipe (error {Platform.LastError}): are too many files open?");
        var (reader, writer) = (Above2(ends[0]), Above2(ends[1]));
        // Refused beyond /proc/sys/fs/pipe-user-pages-soft; the usual 64 KiB work as well.
        var isLarge =
            large
            && Platform.IsLinux
            && Libc.Fcntl((int)writer.DangerousGetHandle(), Platform.LinuxSetPipeSize, LargeBytes) >= LargeBytes;
        return new PipeEnds(reader, writer, isLarge);
    }

    private static SafeFileHandle Above2(int fd)
    {
        if (fd >= FirstFree)
            return new SafeFileHandle(fd, ownsHandle: true);
        var moved = Libc.Fcntl(fd, Platform.DuplicateCloseOnExec, FirstFree);
        _ = Libc.Close(fd);
        return moved >= 0
            ? new SafeFileHandle(moved, ownsHandle: true)
            : throw new IOException($"Cannot make a pipe (error {Platform.LastError}): are too many files open?");
    }

    public void Dispose()
    {
        Reader.Dispose();
        Writer.Dispose();
    }
}

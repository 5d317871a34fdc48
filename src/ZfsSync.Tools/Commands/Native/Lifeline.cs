using Microsoft.Win32.SafeHandles;

namespace ZfsSync.Tools.Commands.Native;

/// <summary>
/// Ends a program when this one dies, however it does. The program holds the reading end of a pipe, this one the writing
/// end; when that closes, the kernel sends the program's group a SIGIO, which ends whoever does not expect one. Linux only.
/// </summary>
internal sealed class Lifeline : IDisposable
{
    private readonly PipeEnds _pipe = PipeEnds.Create();

    /// <summary>What the program must inherit.</summary>
    public SafeFileHandle End => _pipe.Reader;

    /// <summary>From now on. When the kernel refuses, the program outlives a kill of this one, as it would in a shell.</summary>
    /// <param name="group">The process group to end.</param>
    public void Tie(int group)
    {
        var end = (int)_pipe.Reader.DangerousGetHandle();
        _ = Libc.Fcntl(end, Platform.LinuxSetOwner, -group);
        _ = Libc.Fcntl(end, Platform.LinuxSetStatus, Platform.LinuxSignalWhenReady);
        // The program's own copy keeps it; another one here would only be one descriptor more.
        _pipe.Reader.Dispose();
    }

    public void Dispose() => _pipe.Dispose();
}

using Microsoft.Win32.SafeHandles;

namespace ZfsSync.Tools.Commands.Native;

/// <summary>
/// A started program. Leads a process group of its own, so that a signal reaches everything it started. Stays a zombie
/// until <see cref="Reap"/>, so that its number cannot mean another process meanwhile.
/// </summary>
internal sealed unsafe class ChildProcess
{
    /// <summary>Larger than the attribute, action and signal set types of every C library that we run on.</summary>
    private const int OpaqueBytes = 1024;

    private const int SignalInfoBytes = 128;
    private const int HighestPlainSignal = 31;
    private const int LifelineFd = 3;

    private readonly Lock _gate = new();
    private readonly int _pid;
    private bool _isReaped;

    private ChildProcess(int pid)
    {
        _pid = pid;
        ExitNotice = Platform.IsLinux
            ? new SafeFileHandle(Libc.Syscall(Platform.LinuxPidfdOpen, pid, 0), ownsHandle: true)
            : new SafeFileHandle(-1, ownsHandle: false);
    }

    /// <summary>Of the program, and of its group.</summary>
    public int Pid => _pid;

    /// <summary>Called when it has ended, while the system still knows it.</summary>
    public Action? OnEnded { get; set; }

    /// <summary>Becomes readable when the program ends; invalid where the system has no such thing.</summary>
    public SafeFileHandle ExitNotice { get; }

    /// <param name="path">The program's file.</param>
    /// <param name="arguments">With its name first.</param>
    /// <param name="environment"><c>NAME=value</c>.</param>
    /// <param name="input">Its standard input; null for nothing to read.</param>
    /// <param name="output">Its standard output; null to throw it away.</param>
    /// <param name="error">Its standard error.</param>
    /// <param name="lifeline">Ends it when this program dies; null to leave that to its input and output.</param>
    /// <param name="errorNumber">Why it could not be started, or 0.</param>
    public static ChildProcess? Start(
        string path,
        IReadOnlyList<string> arguments,
        IReadOnlyList<string> environment,
        SafeFileHandle? input,
        SafeFileHandle? output,
        SafeFileHandle error,
        Lifeline? lifeline,
        out int errorNumber
    )
    {
        using var file = new CStrings([path, "/dev/null"]);
        using var argv = new CStrings(arguments);
        using var envp = new CStrings(environment);
        var actions = stackalloc byte[OpaqueBytes];
        var attributes = stackalloc byte[OpaqueBytes];
        _ = Libc.ActionsInit(actions);
        _ = Libc.AttributesInit(attributes);
        try
        {
            Connect(actions, 0, input, file.Pointer[1]);
            Connect(actions, 1, output, file.Pointer[1]);
            Connect(actions, 2, error, file.Pointer[1]);
            if (lifeline is not null)
                Connect(actions, LifelineFd, lifeline.End, file.Pointer[1]);
            SetAttributes(attributes);
            int pid;
            errorNumber = Libc.Spawn(&pid, file.Pointer[0], actions, attributes, argv.Pointer, envp.Pointer);
            if (errorNumber != 0)
                return null;
            lifeline?.Tie(pid);
            return new ChildProcess(pid);
        }
        finally
        {
            _ = Libc.ActionsDestroy(actions);
            _ = Libc.AttributesDestroy(attributes);
            GC.KeepAlive(input);
            GC.KeepAlive(output);
            GC.KeepAlive(error);
        }
    }

    private static void Connect(byte* actions, int asFd, SafeFileHandle? end, byte* nothing)
    {
        const int readOnly = 0;
        const int writeOnly = 1;
        _ = end is null
            ? Libc.ActionsAddOpen(actions, asFd, nothing, asFd == 0 ? readOnly : writeOnly, 0)
            : Libc.ActionsAddDup2(actions, (int)end.DangerousGetHandle(), asFd);
    }

    /// <summary>
    /// The runtime ignores SIGPIPE, which a child would inherit; a sender must die of it. So all signals go back to
    /// their defaults, unblocked.
    /// </summary>
    private static void SetAttributes(byte* attributes)
    {
        var signals = stackalloc byte[OpaqueBytes];
        _ = Libc.SignalsClear(signals);
        _ = Libc.AttributesSetSignalMask(attributes, signals);
        for (var signal = 1; signal <= HighestPlainSignal; signal++)
            _ = Libc.SignalsAdd(signals, signal);
        _ = Libc.AttributesSetDefaultSignals(attributes, signals);
        _ = Libc.AttributesSetGroup(attributes, 0);
        _ = Libc.AttributesSetFlags(
            attributes,
            (short)(Platform.SpawnSetGroup | Platform.SpawnSetDefaultSignals | Platform.SpawnSetSignalMask)
        );
    }

    /// <summary>Sends a signal to the program and everything it started. Nothing once it was reaped.</summary>
    public void Signal(int signal)
    {
        lock (_gate)
        {
            if (!_isReaped)
                _ = Libc.Kill(-_pid, signal);
        }
    }

    /// <summary>Whether it ended.</summary>
    public bool HasExited()
    {
        if (_isReaped)
            return true;
        // Zeroed: without an end to report, waitid leaves it so. Its first field is the signal number, SIGCHLD.
        var info = stackalloc byte[SignalInfoBytes];
        new Span<byte>(info, SignalInfoBytes).Clear();
        var options = Platform.WaitExited | Platform.WaitLeaveZombie | Platform.WaitNoHang;
        return Libc.WaitId(Platform.WaitForPid, (uint)_pid, info, options) == 0 && *(int*)info != 0;
    }

    /// <summary>Waits for its end and lets go of it.</summary>
    /// <returns>The exit code; 128 plus the number for a signal.</returns>
    public int Reap()
    {
        const int signalOffset = 128;
        var status = 0;
        var info = stackalloc byte[SignalInfoBytes];
        while (
            Libc.WaitId(Platform.WaitForPid, (uint)_pid, info, Platform.WaitExited | Platform.WaitLeaveZombie) != 0
            && Platform.LastError == Platform.ErrorInterrupted
        ) { }
        OnEnded?.Invoke();
        lock (_gate)
        {
            while (Libc.WaitPid(_pid, &status, 0) < 0 && Platform.LastError == Platform.ErrorInterrupted) { }
            _isReaped = true;
        }
        ExitNotice.Dispose();
        var signal = status & 0x7f;
        return signal == 0 ? (status >> 8) & 0xff : signalOffset + signal;
    }
}

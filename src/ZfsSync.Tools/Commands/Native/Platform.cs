using System.Runtime.InteropServices;

namespace ZfsSync.Tools.Commands.Native;

/// <summary>The numbers that differ between Linux and FreeBSD (their headers), and those that do not.</summary>
internal static class Platform
{
    public const int ErrorNotFound = 2;
    public const int ErrorInterrupted = 4;
    public const int ErrorAccess = 13;
    public const int ErrorInvalid = 22;
    public const int ErrorNotImplemented = 38;

    public const int SignalTerminate = 15;
    public const int SignalKill = 9;

    public const short PollIn = 1;

    public const int WaitNoHang = 1;

    public const int SpawnSetGroup = 0x02;

    public static readonly bool IsLinux = OperatingSystem.IsLinux();
    public static readonly bool IsSupported = IsLinux || OperatingSystem.IsFreeBSD();

    public static readonly int OpenCloseOnExec = IsLinux ? 0x80000 : 0x100000;
    public static readonly int DuplicateCloseOnExec = IsLinux ? 1030 : 17;
    public static readonly int WaitExited = IsLinux ? 4 : 16;
    public static readonly int WaitLeaveZombie = IsLinux ? 0x0100_0000 : 8;
    public static readonly int WaitForPid = IsLinux ? 1 : 0;
    public static readonly int SpawnSetDefaultSignals = IsLinux ? 0x04 : 0x10;
    public static readonly int SpawnSetSignalMask = IsLinux ? 0x08 : 0x20;

    /// <summary>The same number on all 64-bit Linux machines.</summary>
    public const int LinuxPidfdOpen = 434;
    public const int LinuxSetPipeSize = 1031;
    public const uint LinuxSpliceMove = 1;
    public const int LinuxSetStatus = 4;
    public const int LinuxSetOwner = 8;
    public const int LinuxSignalWhenReady = 0x2000;

    public static int LastError => Marshal.GetLastPInvokeError();
}

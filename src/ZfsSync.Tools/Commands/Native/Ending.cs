namespace ZfsSync.Tools.Commands.Native;

/// <summary>What comes after programs have ended.</summary>
internal static class Ending
{
    /// <summary>The exit codes, or the exception that says why there is no result.</summary>
    public static IReadOnlyList<int> Of(Supervision supervision, CancellationToken cancellation)
    {
        if (supervision.WasGivenUp)
        {
            // It cannot be killed now; a thread of its own lets go of it when the kernel does.
            new Thread(() => supervision.Finish()) { IsBackground = true, Name = "stuck program" }.Start();
            cancellation.ThrowIfCancellationRequested();
            throw new IOException("A program could not be ended; it hangs in the kernel.", supervision.Fault);
        }
        var exitCodes = supervision.Finish();
        if (supervision.Fault is { } fault)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
        cancellation.ThrowIfCancellationRequested();
        return exitCodes;
    }
}

using System.Globalization;

namespace ZfsSync.Tools.Commands.Native;

/// <summary>
/// Counts what a program that writes nothing but its stream has written, by the kernel's account of it
/// (<c>/proc/PID/io</c>, also kept while it is a zombie). So the next program can read straight from it.
/// </summary>
internal sealed class KernelCount : IMeasuredJoint
{
    private const string Written = "wchar: ";
    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly string _account;
    private readonly Action<long>? _onProgress;
    private bool _hasEnded;

    private KernelCount(string account, Action<long>? onProgress) => (_account, _onProgress) = (account, onProgress);

    /// <inheritdoc/>
    public long Bytes { get; private set; }

    /// <summary>Null where the kernel keeps no such account, or does not show it to us.</summary>
    public static KernelCount? Of(ChildProcess program, Action<long>? onProgress)
    {
        var count = new KernelCount($"/proc/{program.Pid}/io", onProgress);
        if (count.Read() is null)
            return null;
        program.OnEnded = () => count.Look(isLast: true);
        return count;
    }

    /// <inheritdoc/>
    public void Run(CancellationToken stop)
    {
        while (!stop.WaitHandle.WaitOne(ReportEvery))
        {
            if (Look(isLast: false))
                _onProgress?.Invoke(Bytes);
        }
    }

    /// <param name="isLast">Afterwards the account may be another program's.</param>
    /// <returns>Whether more has gone than before.</returns>
    private bool Look(bool isLast)
    {
        lock (_gate)
        {
            if (_hasEnded)
                return false;
            _hasEnded = isLast;
            var before = Bytes;
            Bytes = Read() ?? before;
            return Bytes > before;
        }
    }

    private long? Read()
    {
        try
        {
            var line = File.ReadLines(_account)
                .FirstOrDefault(line => line.StartsWith(Written, StringComparison.Ordinal));
            return line is null ? null : long.Parse(line.AsSpan(Written.Length), CultureInfo.InvariantCulture);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

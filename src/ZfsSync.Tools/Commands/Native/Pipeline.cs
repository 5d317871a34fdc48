using Microsoft.Win32.SafeHandles;

namespace ZfsSync.Tools.Commands.Native;

/// <summary>
/// Several programs in a row. All joints are plain kernel pipes from program to program. At the measured one the kernel
/// counts, where it can (<see cref="KernelCount"/>); else a <see cref="BytePump"/> stands there between two pipes.
/// </summary>
internal sealed class Pipeline(IReadOnlyList<ProgramStart> stages, PipeOptions options, TimeProvider time)
{
    private readonly List<IDisposable> _open = [];
    private readonly List<ErrorTail> _errors = [];
    private readonly Supervision _supervision = new(time);

    public PipeResult Run(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        try
        {
            var joint = StartAll();
            Exception? fault = null;
            var measuring = new Thread(() => fault = Measured(joint, stop.Token))
            {
                IsBackground = true,
                Name = "pipe",
            };
            measuring.Start();
            using (cancellation.UnsafeRegister(_ => _supervision.End(), null))
                _supervision.Run();
            stop.Cancel();
            var exitCodes = Ending.Of(_supervision, cancellation);
            // All programs have ended, and what they left behind, so nothing can hold it up.
            measuring.Join();
            if (fault is not null)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
            return new PipeResult(
                [.. exitCodes.Select((code, i) => new CommandResult(code, "", _errors[i].ToString()))],
                joint.Bytes
            );
        }
        finally
        {
            Close();
        }
    }

    private Exception? Measured(IMeasuredJoint joint, CancellationToken stop)
    {
        try
        {
            joint.Run(stop);
            return null;
        }
        catch (Exception fault)
        {
            _supervision.End();
            return fault;
        }
    }

    private IMeasuredJoint StartAll()
    {
        var countsByKernel = options is { CountsByKernel: true, BytesPerSecond: null } && Platform.IsLinux;
        SafeFileHandle? input = null;
        IMeasuredJoint? measured = null;
        try
        {
            for (var i = 0; i < stages.Count; i++)
            {
                var joint = i < stages.Count - 1 ? Pipe(large: true) : null;
                var error = Pipe();
                // Without a pump of ours between them the programs would not notice that we died.
                var child = stages[i].Start(input, joint?.Writer, error.Writer, countsByKernel ? Lifeline() : null);
                _supervision.Watch(child);
                var tail = new ErrorTail();
                _errors.Add(tail);
                _supervision.Watch(error.Reader, tail.Add);
                error.Writer.Dispose();
                joint?.Writer.Dispose();
                input?.Dispose();
                input = joint?.Reader;
                if (i != options.MeasuredBehind)
                    continue;
                measured = countsByKernel ? KernelCount.Of(child, options.OnProgress) : null;
                if (measured is not null)
                    continue;
                var second = Pipe(large: true);
                measured = new BytePump(joint!, second, options, time);
                input = second.Reader;
            }
        }
        catch
        {
            // A later stage could not be started: the earlier ones must not run on into nothing.
            _supervision.Finish();
            throw;
        }
        return measured!;
    }

    private PipeEnds Pipe(bool large = false)
    {
        var pipe = PipeEnds.Create(large);
        _open.Add(pipe);
        return pipe;
    }

    private Lifeline Lifeline()
    {
        var lifeline = new Lifeline();
        _open.Add(lifeline);
        return lifeline;
    }

    private void Close()
    {
        foreach (var open in _open)
            open.Dispose();
    }
}

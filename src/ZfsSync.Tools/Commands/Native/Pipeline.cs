using Microsoft.Win32.SafeHandles;

namespace ZfsSync.Tools.Commands.Native;

/// <summary>
/// Several programs in a row. All joints are plain kernel pipes from program to program, save the measured one, where a
/// <see cref="BytePump"/> stands between two pipes.
/// </summary>
internal sealed class Pipeline(IReadOnlyList<ProgramStart> stages, PipeOptions options, TimeProvider time)
{
    private readonly List<PipeEnds> _open = [];
    private readonly List<ErrorTail> _errors = [];
    private readonly Supervision _supervision = new(time);

    public PipeResult Run(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var pump = new BytePump(options, time, stop.Token);
        try
        {
            var (before, behind) = StartAll();
            Exception? fault = null;
            var pumping = new Thread(() => fault = Pumped(pump, before, behind)) { IsBackground = true, Name = "pipe" };
            pumping.Start();
            using (cancellation.UnsafeRegister(_ => _supervision.End(), null))
                _supervision.Run();
            stop.Cancel();
            var exitCodes = Ending.Of(_supervision, cancellation);
            // All programs have ended, so nothing can hold it up.
            pumping.Join();
            if (fault is not null)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(fault);
            return new PipeResult(
                [.. exitCodes.Select((code, i) => new CommandResult(code, "", _errors[i].ToString()))],
                pump.Bytes
            );
        }
        finally
        {
            Close();
        }
    }

    private Exception? Pumped(BytePump pump, PipeEnds before, PipeEnds behind)
    {
        try
        {
            pump.Run(before, behind);
            return null;
        }
        catch (Exception fault)
        {
            _supervision.End();
            return fault;
        }
    }

    /// <returns>The two pipes between which the pump stands.</returns>
    private (PipeEnds Before, PipeEnds Behind) StartAll()
    {
        SafeFileHandle? input = null;
        (PipeEnds, PipeEnds)? measured = null;
        try
        {
            for (var i = 0; i < stages.Count; i++)
            {
                var joint = i < stages.Count - 1 ? Pipe(large: true) : null;
                var error = Pipe();
                _supervision.Watch(stages[i].Start(input, joint?.Writer, error.Writer));
                var tail = new ErrorTail();
                _errors.Add(tail);
                _supervision.Watch(error.Reader, tail.Add);
                error.Writer.Dispose();
                joint?.Writer.Dispose();
                input?.Dispose();
                input = joint?.Reader;
                if (i != options.MeasuredBehind)
                    continue;
                var second = Pipe(large: true);
                measured = (joint!, second);
                input = second.Reader;
            }
        }
        catch
        {
            // A later stage could not be started: the earlier ones must not run on into nothing.
            _supervision.Finish();
            throw;
        }
        return measured!.Value;
    }

    private PipeEnds Pipe(bool large = false)
    {
        var pipe = PipeEnds.Create(large);
        _open.Add(pipe);
        return pipe;
    }

    private void Close()
    {
        foreach (var pipe in _open)
            pipe.Dispose();
    }
}

using System.Buffers;
using System.Text;
using ZfsSync.Tools.Commands.Native;
using ZfsSync.Tools.Ssh;

namespace ZfsSync.Tools.Commands;

/// <summary>
/// Runs real programs on this machine, and on others through ssh. Each gets a process group of its own, the C locale and
/// only its own descriptors; nothing that it started outlives a cancelled call. One thread per running command, two per
/// pipe. Linux and FreeBSD.
/// </summary>
/// <param name="ssh">How to reach other hosts.</param>
/// <param name="time">For limits and patience.</param>
public sealed class LocalCommandRunner(SshOptions? ssh = null, TimeProvider? time = null) : ICommandRunner
{
    private readonly SshOptions _ssh = ssh ?? SshOptions.Default;
    private readonly SshLanes _lanes = new();
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <inheritdoc/>
    public Task<CommandResult> RunAsync(Command command, Action<string>? onLine, CancellationToken cancellation) =>
        OnThread(() => Run(ProgramStart.Of(Local(command, SshLanes.Shared)), onLine, cancellation));

    /// <inheritdoc/>
    public Task<PipeResult> PipeAsync(
        IReadOnlyList<Command> stages,
        PipeOptions options,
        CancellationToken cancellation
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(stages.Count, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(options.MeasuredBehind, stages.Count - 1);
        return OnThread(() =>
        {
            var lanes = stages.Select(stage => stage.On is { } target ? _lanes.Take(target) : SshLanes.Shared).ToList();
            try
            {
                // All are looked up before the first starts.
                var starts = stages.Select((stage, i) => ProgramStart.Of(Local(stage, lanes[i]))).ToList();
                return new Pipeline(starts, options, _time).Run(cancellation);
            }
            finally
            {
                for (var i = 0; i < lanes.Count; i++)
                {
                    if (stages[i].On is { } target)
                        _lanes.Return(target, lanes[i]);
                }
            }
        });
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<IReadOnlyList<CommandResult>>> RunEachAsync(
        IReadOnlyList<IReadOnlyList<Command>> sequences,
        CancellationToken cancellation
    )
    {
        if (sequences[0][0].On is null)
            return await Task.WhenAll(
                sequences.Select(sequence => ICommandRunner.UntilFailureAsync(this, sequence, cancellation))
            );
        var mark = $"zfs-sync-{Guid.NewGuid():N}";
        var session = await RunAsync(SshSession.Of(sequences, mark), null, cancellation);
        return SshSession.Read(session, sequences, mark);
    }

    private Command Local(Command command, int lane) =>
        command.On is { } target ? SshCommand.Of(target, command, _ssh, lane) : command;

    /// <summary>These threads wait for programs, some of them for hours; the pool's threads have other work.</summary>
    private static Task<T> OnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(
            work,
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default
        );

    private CommandResult Run(ProgramStart start, Action<string>? onLine, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var supervision = new Supervision(_time);
        var text = new ArrayBufferWriter<byte>();
        var lines = onLine is null ? null : new LineReader(onLine);
        var error = new ErrorTail();
        using (var outputPipe = PipeEnds.Create())
        using (var errorPipe = PipeEnds.Create())
        {
            supervision.Watch(start.Start(null, outputPipe.Writer, errorPipe.Writer));
            outputPipe.Writer.Dispose();
            errorPipe.Writer.Dispose();
            supervision.Watch(outputPipe.Reader, lines is null ? bytes => text.Write(bytes) : lines.Add);
            supervision.Watch(errorPipe.Reader, error.Add);
            using (cancellation.UnsafeRegister(_ => supervision.End(), null))
                supervision.Run();
        }
        var exitCode = Ending.Of(supervision, cancellation)[0];
        lines?.Finish();
        return new CommandResult(exitCode, Encoding.UTF8.GetString(text.WrittenSpan), error.ToString());
    }
}

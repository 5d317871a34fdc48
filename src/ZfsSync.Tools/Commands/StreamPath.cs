using System.Diagnostics.CodeAnalysis;

namespace ZfsSync.Tools.Commands;

/// <summary>The stages that carry a stream from a sender to a receiver, wherever the two run. Pure.</summary>
/// <param name="Stages">For <see cref="ICommandRunner.PipeAsync"/>.</param>
/// <param name="MeasuredBehind">For <see cref="PipeOptions.MeasuredBehind"/>: where the bytes are those of the network.</param>
public sealed record StreamPath(IReadOnlyList<Command> Stages, int MeasuredBehind)
{
    /// <summary>
    /// Compresses on the sender's side what it sends, and ends with the sender's exit code: a shell's pipe would
    /// forget it. Descriptor 3 carries the code, 4 the stream.
    /// </summary>
    private const string CompressedSender =
        """exec 4>&1; code=$({ { "$@" 3>&- 4>&-; echo "$?" >&3; } | zstd -qc >&4 3>&- 4>&-; } 3>&1); exit "${code:-1}" """;

    /// <summary>Ends with the receiver's exit code; a stream that zstd finds broken ends early, and the receiver says so.</summary>
    private const string CompressedReceiver = """zstd -qdc | "$@" """;

    /// <summary>For <see cref="PipeOptions.CountsByKernel"/>: neither ssh nor a shell stands before the measured place.</summary>
    public bool CountsByKernel => Stages[MeasuredBehind] is { On: null, Program: "zfs" or "zstd" };

    /// <summary>Sender to receiver. Each remote side is one ssh session, with zstd inside of it when the stream is compressed on its way.</summary>
    /// <param name="sender">With its host.</param>
    /// <param name="receiver">With its host.</param>
    /// <param name="isCompressed">Whether zstd packs it in flight. Worth it on slow links and for streams without <c>-c</c>. Both on
    /// the same machine: never done.</param>
    public static StreamPath Of(Command sender, Command receiver, bool isCompressed)
    {
        if (!isCompressed || sender.On == receiver.On)
            return new StreamPath([sender, receiver], 0);
        Command[] left = sender.On is null ? [sender, new Command("zstd", "-qc")] : [Wrapped(CompressedSender, sender)];
        Command[] right = receiver.On is null
            ? [new Command("zstd", "-qdc"), receiver]
            : [Wrapped(CompressedReceiver, receiver)];
        return new StreamPath([.. left, .. right], left.Length - 1);
    }

    /// <summary>The other way: what a stage made by <see cref="Of"/> runs beside zstd. False for any other stage.</summary>
    /// <param name="stage">A stage of a pipe.</param>
    /// <param name="inner">The sender or receiver, with its host.</param>
    /// <param name="packs">True for a sender, false for a receiver.</param>
    public static bool TryUnwrap(Command stage, [NotNullWhen(true)] out Command? inner, out bool packs)
    {
        var script = stage is { Program: "sh", Arguments: ["-c", var text, "sh", _, ..] } ? text : null;
        packs = script == CompressedSender.TrimEnd();
        inner =
            packs || script == CompressedReceiver.TrimEnd()
                ? new Command(stage.Arguments[3], [.. stage.Arguments.Skip(4)]).At(stage.On)
                : null;
        return inner is not null;
    }

    private static Command Wrapped(string script, Command command) =>
        new Command("sh", ["-c", script.TrimEnd(), "sh", command.Program, .. command.Arguments]).At(command.On);
}

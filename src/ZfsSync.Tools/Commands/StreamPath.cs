namespace ZfsSync.Tools.Commands;

/// <summary>The stages that carry streams from senders to receivers, wherever the two sides are. Pure.</summary>
/// <param name="Stages">For <see cref="ICommandRunner.PipeAsync"/>.</param>
/// <param name="MeasuredBehind">For <see cref="PipeOptions.MeasuredBehind"/>: where the bytes are those of the network.</param>
public sealed record StreamPath(IReadOnlyList<Command> Stages, int MeasuredBehind)
{
    /// <summary>For <see cref="PipeOptions.CountsByKernel"/>: neither ssh nor a shell stands before the measured place.</summary>
    public bool CountsByKernel => Stages[MeasuredBehind] is { On: null, Program: "zfs" or "zstd" };

    /// <summary>Senders to receivers. Each remote side is one ssh session, with zstd inside of it when the stream is compressed on its way.</summary>
    /// <param name="senders">With their host, which is the same for all. One after the other, until one ends badly.</param>
    /// <param name="receivers">As many, with theirs: each takes the stream of the sender with its number.</param>
    /// <param name="isCompressed">Whether zstd packs it in flight. Worth it on slow links and for streams without <c>-c</c>. Both on
    /// the same machine: never done.</param>
    public static StreamPath Of(IReadOnlyList<Command> senders, IReadOnlyList<Command> receivers, bool isCompressed)
    {
        if (!isCompressed || senders[0].On == receivers[0].On)
            return new StreamPath(
                [StreamStage.Of(senders, StreamPacking.None), StreamStage.Of(receivers, StreamPacking.None)],
                0
            );
        Command[] left = senders[0].On is null
            ? [StreamStage.Of(senders, StreamPacking.None), new Command("zstd", "-qc")]
            : [StreamStage.Of(senders, StreamPacking.Packs)];
        Command[] right = receivers[0].On is null
            ? [new Command("zstd", "-qdc"), StreamStage.Of(receivers, StreamPacking.None)]
            : [StreamStage.Of(receivers, StreamPacking.Unpacks)];
        return new StreamPath([.. left, .. right], left.Length - 1);
    }
}

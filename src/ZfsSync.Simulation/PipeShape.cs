using ZfsSync.Tools.Commands;

namespace ZfsSync.Simulation;

/// <summary>What each stage of a pipe does to the streams: sends, receives, packs them with zstd, unpacks them, or hands them on.</summary>
internal sealed class PipeShape
{
    private static readonly string[] HandOn = ["pv", "mbuffer", "cat"];
    private readonly List<PipeStage> _stages;

    private PipeShape(List<PipeStage> stages) => _stages = stages;

    public IReadOnlyList<PipeStage> Stages => _stages;

    /// <summary>They take turns, each with the receiver of its number.</summary>
    public IReadOnlyList<Command> Senders => _stages[0].Zfs;
    public IReadOnlyList<Command> Receivers => _stages[^1].Zfs;

    /// <summary>Whether some stage unpacks what nobody packed: zstd refuses it.</summary>
    public bool UnpacksPlain
    {
        get
        {
            var packed = 0;
            foreach (var stage in _stages)
            {
                if ((packed += stage.Packing) < 0)
                    return true;
            }
            return false;
        }
    }

    /// <summary>Whether the stream reaches the receiver packed: zfs refuses it.</summary>
    public bool ArrivesPacked => _stages.Sum(stage => stage.Packing) > 0;

    /// <summary>Bytes behind a stage, when so many of the stream itself have passed. Packing halves them, whatever they are.</summary>
    public long Behind(int stage, long bytes) =>
        bytes > 0 && _stages.Take(stage + 1).Sum(one => one.Packing) > 0 ? 13 + (bytes / 2) : bytes;

    /// <exception cref="NotSupportedException">It is no pipe from zfs send to zfs receive.</exception>
    public static PipeShape Of(IReadOnlyList<Command> stages)
    {
        var shape = new PipeShape([.. stages.Select(StageOf)]);
        if (
            shape.Senders.Count == 0
            || shape.Senders.Count != shape.Receivers.Count
            || shape.Senders.Any(sender => SimulatedHost.CommandName(sender) != "send")
            || shape.Receivers.Any(receiver => SimulatedHost.CommandName(receiver) is not ("receive" or "recv"))
        )
            throw new NotSupportedException(
                $"a simulated pipe goes from zfs send to zfs receive, not {string.Join(" | ", stages.Select(SimulatedRunner.Describe))}"
            );
        return shape;
    }

    private static PipeStage StageOf(Command command)
    {
        var (inTurn, packing) = StreamStage.Read(command);
        return Path.GetFileName(inTurn[0].Program) switch
        {
            "zfs" => new PipeStage(inTurn, (int)packing, IsKnown: true),
            "zstd" => new PipeStage([], command.Arguments is ["-qdc"] ? -1 : 1, IsKnown: true),
            var program => new PipeStage([], 0, HandOn.Contains(program)),
        };
    }
}

/// <param name="Zfs">What sends or receives, also where a shell runs it beside zstd; empty for a filter.</param>
/// <param name="Packing">1 when the stage packs, -1 when it unpacks.</param>
/// <param name="IsKnown">False for a program that no simulated host has.</param>
internal sealed record PipeStage(IReadOnlyList<Command> Zfs, int Packing, bool IsKnown)
{
    /// <summary>The program that would be missing first.</summary>
    public string Filter(Command command) =>
        Packing == 0 ? Path.GetFileName((Zfs is [var first, ..] ? first : command).Program) : "zstd";
}

using ZfsSync.Tools.Commands;

namespace ZfsSync.Simulation;

/// <summary>What each stage of a pipe does to the stream: sends, receives, packs it with zstd, unpacks it, or hands it on.</summary>
internal sealed class PipeShape
{
    private static readonly string[] HandOn = ["pv", "mbuffer", "cat"];
    private readonly List<PipeStage> _stages;

    private PipeShape(List<PipeStage> stages) => _stages = stages;

    public IReadOnlyList<PipeStage> Stages => _stages;
    public Command Sender => _stages[0].Zfs!;
    public Command Receiver => _stages[^1].Zfs!;

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
            shape._stages[0].Zfs is not { } sender
            || shape._stages[^1].Zfs is not { } receiver
            || SimulatedHost.CommandName(sender) != "send"
            || SimulatedHost.CommandName(receiver) is not ("receive" or "recv")
        )
            throw new NotSupportedException(
                $"a simulated pipe goes from zfs send to zfs receive, not {string.Join(" | ", stages.Select(SimulatedRunner.Describe))}"
            );
        return shape;
    }

    private static PipeStage StageOf(Command command) =>
        StreamPath.TryUnwrap(command, out var inner, out var packs)
            ? new PipeStage(inner, packs ? 1 : -1, IsKnown: true)
            : Path.GetFileName(command.Program) switch
            {
                "zfs" => new PipeStage(command, 0, IsKnown: true),
                "zstd" => new PipeStage(null, command.Arguments is ["-qdc"] ? -1 : 1, IsKnown: true),
                var program => new PipeStage(null, 0, HandOn.Contains(program)),
            };
}

/// <param name="Zfs">zfs send or receive, also where a shell runs it beside zstd; null for a filter.</param>
/// <param name="Packing">1 when the stage packs, -1 when it unpacks.</param>
/// <param name="IsKnown">False for a program that no simulated host has.</param>
internal sealed record PipeStage(Command? Zfs, int Packing, bool IsKnown)
{
    /// <summary>The program that would be missing first.</summary>
    public string Filter(Command command) => Packing == 0 ? Path.GetFileName(command.Program) : "zstd";
}

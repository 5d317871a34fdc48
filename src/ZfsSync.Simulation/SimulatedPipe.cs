using ZfsSync.Tools.Commands;

namespace ZfsSync.Simulation;

/// <summary>A pipe from zfs send to zfs receive, perhaps through filters; or from several that take turns, until one ends badly.</summary>
internal sealed class SimulatedPipe(
    SimulatedFleet fleet,
    IReadOnlyList<Command> stages,
    IReadOnlyList<Placement> places
)
{
    private readonly PipeShape _shape = PipeShape.Of(stages);

    public async Task<PipeResult> RunAsync(PipeOptions options, CancellationToken cancellation)
    {
        RefuseWhatIsMissing();
        var line = string.Join(" | ", stages.Select(Describe));
        var all = new PipeResult([.. stages.Select(_ => new CommandResult(0, "", ""))], 0);
        for (var turn = 0; turn < _shape.Senders.Count && all.IsSuccess; turn++)
        {
            var before = all;
            var result = await new SimulatedStream(fleet, _shape, turn, places, line).FlowAsync(
                bytes => options.OnProgress?.Invoke(_shape.Behind(options.MeasuredBehind, before.Bytes + bytes)),
                cancellation
            );
            all = new PipeResult(
                [
                    .. result.Stages.Zip(
                        before.Stages,
                        (end, earlier) => end with { ErrorTail = earlier.ErrorTail + end.ErrorTail }
                    ),
                ],
                before.Bytes + result.Bytes
            );
        }
        fleet.Record(
            $"{places[0].HostName}$ {line} -> {string.Join(' ', all.Stages.Select(end => end.ExitCode))}, {all.Bytes} bytes"
        );
        return all with { Bytes = _shape.Behind(options.MeasuredBehind, all.Bytes) };
    }

    private static string Describe(Command stage)
    {
        var (inTurn, packing) = StreamStage.Read(stage);
        var line = string.Join(" && ", inTurn.Select(SimulatedRunner.Describe));
        return packing switch
        {
            StreamPacking.Packs => $"{line} | zstd -qc",
            StreamPacking.Unpacks => $"zstd -qdc | {line}",
            _ => line,
        };
    }

    /// <summary>On this host all programs are looked up before the first one starts.</summary>
    private void RefuseWhatIsMissing()
    {
        for (var i = 0; i < stages.Count; i++)
        {
            var stage = _shape.Stages[i];
            var program = stage.Filter(stages[i]);
            if (!stage.IsKnown || (stages[i].On is null && places[i].Host?.Lacks(program) is true))
                throw new ToolException(ToolErrorKind.NotInstalled, -1, "", ProgramPackages.Missing(program));
        }
    }
}

using ZfsSync.Cli.Output;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Display;

namespace ZfsSync.Cli.Views;

/// <summary>Executions, a line each.</summary>
internal static class RunTable
{
    public static Grid Of(IReadOnlyList<RunResource> runs, DateTimeOffset now)
    {
        var grid = new Grid("WHEN", "STATE", "SOURCE", "TARGET", "TO", "MOVED", "TOOK", "NOTE")
        {
            RightAligned = [5, 6],
        };
        foreach (var run in runs)
            grid.Add(
                Amounts.Ago(run.StartedAt ?? run.CreatedAt, now),
                State(run),
                $"{run.SourceHostname}:{run.SourceDataset}",
                $"{run.TargetHostname}:{run.TargetDataset}",
                run.ToName is null ? Words.Code(run.Kind) : $"@{run.ToName}",
                Moved(run),
                Took(run, now),
                Note(run)
            );
        return grid;
    }

    private static Cell State(RunResource run) =>
        run.State switch
        {
            InstructionState.Done when run.Proven is true => new Cell("proven", Tone.Good),
            InstructionState.Done when run.Proven is false => new Cell("disproved", Tone.Bad),
            InstructionState.Done => new Cell("done, unproven", Tone.Warning),
            InstructionState.Leased => new Cell("running", Tone.Busy),
            InstructionState.Pending => new Cell("waits", Tone.Plain),
            InstructionState.Withdrawn => new Cell("withdrawn", Tone.Dim),
            _ => new Cell(Words.Plain(run.State), Tone.Bad),
        };

    private static string Moved(RunResource run) =>
        run is { State: InstructionState.Leased, EstimatedBytes: { } expected }
            ? $"{Amounts.Bytes(run.Bytes)} of {Amounts.Bytes(expected)}"
            : Amounts.Bytes(run.Bytes);

    private static string? Took(RunResource run, DateTimeOffset now) =>
        run.StartedAt is { } start ? Duration.InWords((run.FinishedAt ?? now) - start) : null;

    private static string Note(RunResource run) =>
        run.ErrorKind is null ? "" : $"{run.ErrorKind}: {run.ErrorText?.ReplaceLineEndings(" ")}";
}

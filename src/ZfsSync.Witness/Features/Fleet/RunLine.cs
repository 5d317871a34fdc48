using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Display;

namespace ZfsSync.Witness.Features.Fleet;

/// <summary>A running transfer on the first page.</summary>
public sealed record RunLine
{
    public required string EdgeId { get; init; }
    public required string Dataset { get; init; }
    public required string Route { get; init; }

    /// <summary>Bytes moved, of how many, and how fast.</summary>
    public required string Progress { get; init; }

    /// <summary>From 0 to 100; null when nobody knows the end.</summary>
    public required int? Percent { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public static RunLine Of(RunResource run, DateTimeOffset now)
    {
        var started = run.StartedAt ?? now;
        var moved = (ulong)Math.Max(0, run.Bytes);
        int? percent = run.EstimatedBytes is > 0 and var all ? (int)Math.Min(100, moved * 100.0 / all) : null;
        var seconds = (now - started).TotalSeconds;
        var rate = seconds >= 2 && moved > 0 ? $", {DataSize.InWords((ulong)(moved / seconds))}/s" : "";
        var of = run.EstimatedBytes is { } total and > 0 ? $" of about {DataSize.InWords(total)}" : "";
        var step = run.StepCount > 1 ? $"step {Math.Min(run.Step + 1, run.StepCount)} of {run.StepCount}, " : "";
        return new RunLine
        {
            EdgeId = run.EdgeId,
            Dataset = run.LogicalDataset.Length > 0 ? run.LogicalDataset : run.SourceDataset,
            Route = $"{run.SourceHostname} → {run.TargetHostname}{(run.ToName is { } to ? $", to @{to}" : "")}",
            Progress = $"{step}{DataSize.InWords(moved)}{of}{rate}, since {Duration.InWords(now - started)}",
            Percent = percent,
            StartedAt = started,
        };
    }
}

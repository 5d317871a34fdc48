using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Instructions;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>A decision for people: what is stored of it, and shown.</summary>
internal sealed record DecisionView
{
    public static readonly DecisionView Empty = new() { Text = "" };

    /// <summary>One sentence.</summary>
    public required string Text { get; init; }

    /// <summary>A line each.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>From harmless to destructive.</summary>
    public IReadOnlyList<RepairOption> Repairs { get; init; } = [];

    /// <summary>In order.</summary>
    public IReadOnlyList<InstructionStep> Steps { get; init; } = [];

    /// <summary>Null when nobody knows.</summary>
    public ulong? EstimatedBytes { get; init; }

    /// <summary>What the source has of it; null when nothing was compared.</summary>
    public HistoryEnd? Source { get; init; }

    /// <summary>What the target has of it; null when it has none, or nothing was compared.</summary>
    public HistoryEnd? Target { get; init; }
}

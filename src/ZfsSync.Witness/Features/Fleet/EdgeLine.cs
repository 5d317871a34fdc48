using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Display;
using ZfsSync.Core.Replication;
using ZfsSync.Witness.Features.Edges;

namespace ZfsSync.Witness.Features.Fleet;

/// <summary>An edge on the first page.</summary>
public sealed record EdgeLine
{
    public required EdgeResource Edge { get; init; }
    public required Tone Tone { get; init; }

    /// <summary>The logical dataset, or the source's name for the roots themselves.</summary>
    public required string Dataset { get; init; }

    /// <summary>The state in words.</summary>
    public required string State { get; init; }

    /// <summary>How far behind; empty when it is not.</summary>
    public required string Lag { get; init; }

    /// <summary>What is proven, and when.</summary>
    public required string Proof { get; init; }

    /// <summary>Whether evidence and repairs are shown at once.</summary>
    public bool WantsAttention => Tone is Tone.Bad;

    public string Route =>
        $"{Edge.Source.Hostname}:{Edge.Source.Dataset} → {Edge.Target.Hostname}:{Edge.Target.Dataset}";

    public static EdgeLine Of(EdgeResource edge, DateTimeOffset now) =>
        new()
        {
            Edge = edge,
            Tone = ToneOf(edge.State, edge.Reason, edge.IsLate(now)),
            Dataset = edge.LogicalDataset.Length > 0 ? edge.LogicalDataset : edge.Source.Dataset,
            State = Word(edge, now),
            Lag = LagOf(edge, now),
            Proof = ProofOf(edge, now),
        };

    /// <summary>The worst of edges that were counted together.</summary>
    public static Tone ToneOf(EdgeTally tally) => ToneOf(tally.State, tally.Reason, tally.Late > 0);

    private static Tone ToneOf(EdgeState state, ReasonCode? reason, bool isLate) =>
        ToneOf(state, reason) is var tone && isLate && tone > Tone.Warning ? Tone.Warning : tone;

    private static Tone ToneOf(EdgeState state, ReasonCode? reason) =>
        state switch
        {
            EdgeState.InSync => Tone.Good,
            EdgeState.Conflict or EdgeState.Error => Tone.Bad,
            EdgeState.Stale or EdgeState.Unproven => Tone.Warning,
            EdgeState.Syncing => Tone.Busy,
            _ => reason switch
            {
                null or ReasonCode.WaitsForParent or ReasonCode.InProgress or ReasonCode.ReceiveRunning => Tone.Busy,
                ReasonCode.NoSourceSnapshots
                or ReasonCode.NoSelectedSnapshots
                or ReasonCode.YoungerThanMinAge
                or ReasonCode.WithinMinGap
                or ReasonCode.GroupDisabled => Tone.Quiet,
                ReasonCode.HostFrozen => Tone.Bad,
                _ => Tone.Warning,
            },
        };

    private static string Word(EdgeResource edge, DateTimeOffset now) =>
        edge.State switch
        {
            EdgeState.InSync => "in sync",
            EdgeState.Syncing => "copying",
            EdgeState.Conflict => "conflict",
            EdgeState.Error => $"failing ({edge.Failures}×)",
            EdgeState.Unproven => "not shown yet",
            EdgeState.Stale => edge.LastInSyncAt is { } last
                ? $"stale, in sync {Duration.InWords(now - last)} ago"
                : "stale",
            _ => edge.Reason switch
            {
                ReasonCode.NoSourceSnapshots or ReasonCode.NoSelectedSnapshots => "nothing to send",
                ReasonCode.GroupDisabled => "switched off",
                _ => "behind",
            },
        };

    private static string LagOf(EdgeResource edge, DateTimeOffset now)
    {
        if (edge.LagSnapshots == 0)
            return "";
        var snapshots = edge.LagSnapshots == 1 ? "1 snapshot" : $"{edge.LagSnapshots} snapshots";
        var late = edge.IsLate(now) ? $", late for {Duration.InWords(now - edge.LateAt!.Value)}" : "";
        return edge.LagSeconds is { } seconds and > 0
            ? $"{snapshots}, {Duration.InWords(TimeSpan.FromSeconds(seconds))} behind{late}"
            : $"{snapshots} behind{late}";
    }

    private static string ProofOf(EdgeResource edge, DateTimeOffset now) =>
        edge.ProvenSnapshot is not { } name ? "nothing in common yet"
        : edge.ProvenCreatedAt is { } at ? $"proven up to @{name}, {Duration.InWords(now - at)} old"
        : $"proven up to @{name}";
}

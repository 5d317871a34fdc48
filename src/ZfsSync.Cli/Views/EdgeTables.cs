using ZfsSync.Cli.Output;
using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Replication;

namespace ZfsSync.Cli.Views;

/// <summary>Edges, a line each, what is wrong first.</summary>
internal static class EdgeTables
{
    /// <summary>From what a person should see first to what is well.</summary>
    private static readonly EdgeState[] Order =
    [
        EdgeState.Conflict,
        EdgeState.Error,
        EdgeState.Stale,
        EdgeState.OutOfSync,
        EdgeState.Unproven,
        EdgeState.Syncing,
        EdgeState.InSync,
    ];

    public static Grid States(IEnumerable<EdgeResource> edges)
    {
        var grid = new Grid("STATE", "SOURCE", "TARGET", "BEHIND", "EDGE") { RightAligned = [] };
        foreach (var edge in Ordered(edges))
            grid.Add(State(edge), Side(edge.Source), Side(edge.Target), Behind(edge), edge.EdgeId);
        return grid;
    }

    public static IEnumerable<EdgeResource> Ordered(IEnumerable<EdgeResource> edges) =>
        edges
            .OrderBy(e => IsIdle(e) ? Order.Length : Array.IndexOf(Order, e.State))
            .ThenBy(e => e.GroupName, StringComparer.Ordinal)
            .ThenBy(e => e.Target.Hostname, StringComparer.Ordinal)
            .ThenBy(e => e.Target.Dataset, StringComparer.Ordinal);

    public static string Side(EdgeSide side) => $"{side.Hostname}:{side.Dataset}";

    public static string Name(EdgeResource edge) => $"{Side(edge.Source)} -> {Side(edge.Target)}";

    /// <summary>The source has no snapshot that is wanted: nothing is wrong, and nothing can be in sync.</summary>
    public static bool IsIdle(EdgeResource edge) =>
        edge is { State: EdgeState.OutOfSync, Reason: ReasonCode.NoSourceSnapshots or ReasonCode.NoSelectedSnapshots };

    public static Cell State(EdgeResource edge) =>
        IsIdle(edge)
            ? new Cell("nothing to send", Tone.Dim)
            : new Cell(
                Words.Plain(edge.State),
                edge.State switch
                {
                    EdgeState.InSync => Tone.Good,
                    EdgeState.Syncing => Tone.Busy,
                    EdgeState.OutOfSync or EdgeState.Unproven => Tone.Warning,
                    _ => Tone.Bad,
                }
            );

    /// <summary>The lag in snapshots and time.</summary>
    public static string Behind(EdgeResource edge) =>
        edge switch
        {
            { State: EdgeState.InSync } => "-",
            _ when IsIdle(edge) => "-",
            { ProvenSnapshot: null, LagSnapshots: 0 } => "nothing copied",
            { ProvenSnapshot: null } => $"all of {Amounts.Count(edge.LagSnapshots, "snapshot")}",
            { LagSeconds: > 0 } =>
                $"{Amounts.Count(edge.LagSnapshots, "snapshot")}, {Amounts.Seconds(edge.LagSeconds)}",
            _ => Amounts.Count(edge.LagSnapshots, "snapshot"),
        };
}

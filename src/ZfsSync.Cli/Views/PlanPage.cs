using ZfsSync.Cli.Output;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;

namespace ZfsSync.Cli.Views;

/// <summary>Every edge with its decision, steps, evidence and ways out.</summary>
internal static class PlanPage
{
    public static void Show(Screen screen, IReadOnlyList<EdgeResource> edges, bool all, DateTimeOffset now)
    {
        screen.Line(Summary(edges), Tone.Heading);
        foreach (var edge in EdgeTables.Ordered(edges).Where(e => all || e.State != EdgeState.InSync))
        {
            screen.Line();
            Show(screen, edge, now);
        }
    }

    public static string Summary(IReadOnlyList<EdgeResource> edges)
    {
        if (edges.Count == 0)
            return "There is nothing to copy: no group, or none of its datasets was reported yet.";
        var upToDate = edges.Count(e => e.State == EdgeState.InSync);
        var sending = edges.Where(e => e.Steps.Count > 0 && e.State != EdgeState.InSync).ToList();
        var conflicts = edges.Count(e => e.State == EdgeState.Conflict);
        var waiting = edges.Count - upToDate - sending.Count - conflicts;
        var parts = new List<string> { $"{upToDate} in sync" };
        if (sending.Count > 0)
            parts.Add($"{sending.Count} to send ({Total(sending)})");
        if (conflicts > 0)
            parts.Add(Amounts.Count(conflicts, "conflict"));
        if (waiting > 0)
            parts.Add($"{waiting} with nothing to send now");
        return $"{Amounts.Count(edges.Count, "copy", "copies")}: {string.Join(", ", parts)}.";
    }

    private static void Show(Screen screen, EdgeResource edge, DateTimeOffset now)
    {
        var state = EdgeTables.State(edge);
        screen.Line($"{EdgeTables.Name(edge)}   [{edge.GroupName}, {edge.EdgeId}]", Tone.Heading);
        screen.Line($"  {state.Text}, {Code(edge)}, decided {Amounts.Ago(edge.DecidedAt, now)}", state.Tone);
        screen.Line($"  {edge.Text}");
        for (var i = 0; i < edge.Steps.Count; i++)
            screen.Line($"  {i + 1}. {Step(edge.Steps[i])}, {Amounts.About(edge.Steps[i].EstimatedBytes)}");
        foreach (var line in edge.Evidence)
            screen.Line($"  - {line}");
        if (edge.MatchedByName)
            screen.Line("  - Matched by name and second: a host reports no guids.");
        if (edge.LastError is not null)
            screen.Line($"  - {Amounts.Count(edge.Failures, "failure")} in a row; the last said: {edge.LastError}");
        RepairList.Show(screen, edge);
    }

    private static string Code(EdgeResource edge) =>
        edge switch
        {
            { Conflict: { } conflict } => $"conflict {Words.Code(conflict)}",
            // The state says both already: nothing to send, syncing.
            { Decision: DecisionKind.Nothing, Reason: { } reason } => Words.Code(reason),
            { Reason: { } reason } and not { Reason: ReasonCode.InProgress } =>
                $"{Words.Code(edge.Decision)}: {Words.Code(reason)}",
            _ => Words.Code(edge.Decision),
        };

    private static string Step(InstructionStep step) =>
        step.Kind switch
        {
            StepKind.Full => $"send @{step.ToName} in full",
            StepKind.Range =>
                $"send -I @{step.FromName} @{step.ToName} ({Amounts.Count(step.ArrivingGuids?.Count ?? 0, "snapshot")})",
            StepKind.Resume => $"resume the cut receive of @{step.ToName}",
            _ => $"send -i {(step.FromBookmark ? '#' : '@')}{step.FromName} @{step.ToName}",
        };

    private static string Total(List<EdgeResource> edges)
    {
        var known = edges.Where(e => e.EstimatedBytes is not null).ToList();
        var sum = known.Aggregate(0UL, (total, e) => total + e.EstimatedBytes!.Value);
        return known.Count == edges.Count ? Amounts.About(sum)
            : known.Count == 0 ? "unknown size"
            : $"{Amounts.About(sum)} and {edges.Count - known.Count} of unknown size";
    }
}

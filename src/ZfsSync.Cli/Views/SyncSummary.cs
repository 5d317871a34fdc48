using ZfsSync.Cli.Output;

namespace ZfsSync.Cli.Views;

/// <summary>How a sync ended.</summary>
internal static class SyncSummary
{
    public static void Show(Screen screen, SyncState end)
    {
        var done = end.Items.Count(i => i.Verdict == SyncVerdict.Done);
        var tone =
            end.ExitCode == ExitCodes.Ok ? Tone.Good
            : end.ExitCode == ExitCodes.NeedsPerson ? Tone.Bad
            : Tone.Warning;
        screen.Line(
            end.Items.Count == 0 ? "There is nothing to copy: no dataset of these groups was reported yet."
                : done == end.Items.Count
                    ? done == 1 ? "The one copy is in sync."
                        : $"All {done} copies are in sync."
                : $"{end.Items.Count - done} of {Amounts.Count(end.Items.Count, "copy", "copies")} not in sync{(end.IsTimedOut ? " when the time was up" : "")}.",
            tone
        );
        foreach (var (edge, verdict) in end.Items.Where(i => i.Verdict != SyncVerdict.Done))
        {
            screen.Line(
                $"{EdgeTables.Name(edge)}: {EdgeTables.State(edge.State).Text}",
                EdgeTables.State(edge.State).Tone
            );
            screen.Line($"  {edge.Text}");
            if (edge.LastError is not null)
                screen.Line($"  last error: {edge.LastError}");
            if (verdict == SyncVerdict.NeedsPerson && edge.Repairs.Count > 0)
                screen.Line($"  the ways out: zfs-sync repair {edge.EdgeId}");
        }
    }
}

using ZfsSync.Cli.Output;

namespace ZfsSync.Cli.Views;

/// <summary>How a sync ended.</summary>
internal static class SyncSummary
{
    public static void Show(Screen screen, SyncState end)
    {
        var items = end.Items.Where(i => !EdgeTables.IsIdle(i.Edge)).ToList();
        var done = items.Count(i => i.Verdict == SyncVerdict.Done);
        var tone =
            end.ExitCode == ExitCodes.Ok ? Tone.Good
            : end.ExitCode == ExitCodes.NeedsPerson ? Tone.Bad
            : Tone.Warning;
        screen.Line(
            items.Count == 0 ? "There is nothing to copy: no dataset of these groups was reported yet."
                : done == items.Count
                    ? done == 1 ? "The one copy is in sync."
                        : $"All {done} copies are in sync."
                : $"{items.Count - done} of {Amounts.Count(items.Count, "copy", "copies")} not in sync{(end.IsTimedOut ? " when the time was up" : "")}.",
            tone
        );
        foreach (var host in end.Silent)
            screen.Line(
                $"{host} did not report when it was asked to: what is said of it is old. See zfs-sync host show {host}",
                Tone.Warning
            );
        foreach (var (edge, verdict) in items.Where(i => i.Verdict != SyncVerdict.Done))
        {
            screen.Line($"{EdgeTables.Name(edge)}: {EdgeTables.State(edge).Text}", EdgeTables.State(edge).Tone);
            screen.Line($"  {edge.Text}");
            if (edge.LastError is not null)
                screen.Line($"  last error: {edge.LastError}");
            if (verdict == SyncVerdict.NeedsPerson && edge.Repairs.Count > 0)
                screen.Line($"  the ways out: zfs-sync repair {edge.EdgeId}");
        }
    }
}

using Spectre.Console;
using ZfsSync.Cli.Views;
using ZfsSync.Contracts.Edges;

namespace ZfsSync.Cli.Output;

/// <summary>Shows a sync while it runs: a bar per transfer on a terminal, a line per change elsewhere.</summary>
internal sealed class SyncDisplay(Screen screen)
{
    public async Task<SyncState> FollowAsync(
        SyncWait wait,
        SyncState start,
        TimeSpan? timeout,
        CancellationToken cancellation
    ) =>
        screen.IsLive
            ? await WithBarsAsync(wait, start, timeout, cancellation)
            : await WithLinesAsync(wait, start, timeout, cancellation);

    private async Task<SyncState> WithLinesAsync(
        SyncWait wait,
        SyncState start,
        TimeSpan? timeout,
        CancellationToken cancellation
    )
    {
        var said = new Dictionary<string, string>(StringComparer.Ordinal);
        var last = start;
        await foreach (var state in wait.WatchAsync(start, timeout, cancellation))
        {
            last = state;
            foreach (var (edge, verdict) in state.Items.Where(i => !EdgeTables.IsIdle(i.Edge)))
            {
                var text = Text(edge, verdict);
                if (said.TryGetValue(edge.EdgeId, out var before) && before == text)
                    continue;
                said[edge.EdgeId] = text;
                screen.Note($"{EdgeTables.Name(edge)}: {text}");
            }
        }
        return last;
    }

    private async Task<SyncState> WithBarsAsync(
        SyncWait wait,
        SyncState start,
        TimeSpan? timeout,
        CancellationToken cancellation
    )
    {
        var last = start;
        var progress = screen.LiveConsole().Progress().AutoClear(enabled: true).HideCompleted(enabled: false);
        progress.Columns(
            new TaskDescriptionColumn { Alignment = Justify.Left },
            new ProgressBarColumn { Width = 24 },
            new PercentageColumn()
        );
        await progress.StartAsync(async live =>
        {
            var bars = new Dictionary<string, ProgressTask>(StringComparer.Ordinal);
            await foreach (var state in wait.WatchAsync(start, timeout, cancellation))
            {
                last = state;
                foreach (var (edge, verdict) in state.Items.Where(i => !EdgeTables.IsIdle(i.Edge)))
                {
                    if (!bars.TryGetValue(edge.EdgeId, out var bar))
                    {
                        // What is well from the start needs no bar.
                        if (verdict == SyncVerdict.Done)
                            continue;
                        bars[edge.EdgeId] = bar = live.AddTask(Label(edge, verdict), maxValue: 1);
                    }
                    bar.Description = Label(edge, verdict);
                    bar.Value = verdict == SyncVerdict.Done ? 1 : Share(edge);
                    bar.IsIndeterminate = verdict == SyncVerdict.Waits && edge.Run?.EstimatedBytes is null or 0;
                }
            }
        });
        return last;
    }

    private static string Label(EdgeResource edge, SyncVerdict verdict) =>
        Markup.Escape(SafeText.Neutralise($"{EdgeTables.Side(edge.Target)}  {Text(edge, verdict)}"));

    private static double Share(EdgeResource edge) =>
        edge.Run is { EstimatedBytes: > 0 and var all, Bytes: var moved } ? Math.Min(0.99, moved / (double)all) : 0;

    private static string Text(EdgeResource edge, SyncVerdict verdict) =>
        verdict switch
        {
            SyncVerdict.Done when edge.State == EdgeState.InSync => "in sync",
            SyncVerdict.Done => $"nothing to send: {edge.Text}",
            SyncVerdict.NeedsPerson => $"a person must decide: {edge.Text}",
            SyncVerdict.Failed => $"not in sync: {edge.LastError ?? edge.Text}",
            _ => edge.State switch
            {
                EdgeState.Syncing when edge.Run is { } run => $"sending @{run.ToName}",
                EdgeState.Unproven => "arrived; waits for the target's inventory",
                EdgeState.InSync => "in sync when last reported; waits for fresh reports",
                _ when edge.Steps.Count > 0 => "waits for its agent",
                _ => "waits",
            },
        };
}

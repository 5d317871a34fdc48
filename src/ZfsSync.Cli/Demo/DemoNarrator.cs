using ZfsSync.Cli.Output;
using ZfsSync.Cli.Views;
using ZfsSync.Contracts.Edges;

namespace ZfsSync.Cli.Demo;

/// <summary>The running commentary: what happens, and where to look.</summary>
internal sealed class DemoNarrator(Screen screen, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (EdgeState State, string? Proven)> _seen = new(StringComparer.Ordinal);

    public void Say(string text, Tone tone = Tone.Plain)
    {
        lock (_gate)
            screen.Line($"{time.GetElapsedTime(_start):mm\\:ss}  {text}", tone);
    }

    public void Chapter(string text, params IReadOnlyList<string> look)
    {
        lock (_gate)
        {
            screen.Line();
            screen.Line($"{time.GetElapsedTime(_start):mm\\:ss}  {text}", Tone.Heading);
            foreach (var line in look)
                screen.Line($"       {line}");
        }
    }

    /// <summary>Tells what changed since the last look.</summary>
    public void Tell(IReadOnlyList<EdgeResource> edges)
    {
        var changed = edges.Where(HasChanged).ToList();
        foreach (var host in changed.Where(e => e.State == EdgeState.Stale).GroupBy(e => e.Target.Hostname))
            Say($"  {host.Key} is silent: nobody knows how its copies are now", Tone.Warning);
        foreach (var edge in changed)
        {
            var state = EdgeTables.State(edge);
            if (edge.State == EdgeState.InSync && edge.ProvenSnapshot is not null)
                Say($"  {EdgeTables.Side(edge.Target)} is in sync: it holds @{edge.ProvenSnapshot}", state.Tone);
            else if (edge.State == EdgeState.Conflict)
                Say($"  {EdgeTables.Side(edge.Target)}: conflict. {edge.Text}", state.Tone);
            else if (edge.State == EdgeState.Error)
                Say($"  {EdgeTables.Side(edge.Target)}: error. {edge.LastError ?? edge.Text}", state.Tone);
        }
    }

    private bool HasChanged(EdgeResource edge)
    {
        var now = (edge.State, edge.ProvenSnapshot);
        var known = _seen.TryGetValue(edge.EdgeId, out var before);
        _seen[edge.EdgeId] = now;
        return !known || before != now;
    }
}

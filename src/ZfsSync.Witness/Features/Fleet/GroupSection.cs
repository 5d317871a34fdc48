using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Witness.Features.Edges;

namespace ZfsSync.Witness.Features.Fleet;

/// <summary>A group with its edges, those that want attention first.</summary>
public sealed record GroupSection(string Name, string Summary, Tone Tone, IReadOnlyList<EdgeLine> Edges)
{
    /// <summary>Edges that are left out of the list.</summary>
    public int More { get; init; }

    /// <param name="group">The group.</param>
    /// <param name="edges">Its edges that are shown.</param>
    /// <param name="tallies">All its edges, counted.</param>
    public static GroupSection Of(GroupResource group, IEnumerable<EdgeLine> edges, IReadOnlyList<EdgeTally> tallies)
    {
        var lines = edges
            .OrderBy(l => l.Tone)
            .ThenByDescending(l => l.Edge.LagSeconds ?? -1)
            .ThenBy(l => l.Dataset, StringComparer.Ordinal)
            .ThenBy(l => l.Edge.Target.Hostname, StringComparer.Ordinal)
            .ToList();
        var copies = tallies.Where(t => !t.HasNothingToSend).Sum(t => t.Count);
        var proven = tallies.Where(t => t.State == EdgeState.InSync).Sum(t => t.Count);
        var late = tallies.Sum(t => t.Late);
        var summary =
            !group.Enabled ? "switched off"
            : copies == 0 ? "nothing to copy yet"
            : $"{proven} of {copies} proven{(late > 0 ? $", {late} late" : "")}";
        var tone = tallies.Select(EdgeLine.ToneOf).DefaultIfEmpty(Tone.Quiet).Min();
        return new GroupSection(group.Name, summary, tone, lines) { More = tallies.Sum(t => t.Count) - lines.Count };
    }
}

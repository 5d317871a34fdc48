using ZfsSync.Contracts.Groups;

namespace ZfsSync.Witness.Features.Fleet;

/// <summary>A group with its edges, those that want attention first.</summary>
public sealed record GroupSection(string Name, string Summary, Tone Tone, IReadOnlyList<EdgeLine> Edges)
{
    public static GroupSection Of(GroupResource group, IEnumerable<EdgeLine> edges)
    {
        var lines = edges
            .OrderBy(l => l.Tone)
            .ThenByDescending(l => l.Edge.LagSeconds ?? -1)
            .ThenBy(l => l.Dataset, StringComparer.Ordinal)
            .ThenBy(l => l.Edge.Target.Hostname, StringComparer.Ordinal)
            .ToList();
        var copies = lines.Count(l => !FleetSentence.HasNothingToSend(l.Edge));
        var proven = lines.Count(l => l.Tone == Tone.Good);
        var summary =
            !group.Enabled ? "switched off"
            : copies == 0 ? "nothing to copy yet"
            : $"{proven} of {copies} proven";
        return new GroupSection(group.Name, summary, lines.Count == 0 ? Tone.Quiet : lines[0].Tone, lines);
    }
}

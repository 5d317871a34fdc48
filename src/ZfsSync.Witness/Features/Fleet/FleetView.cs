using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Witness.Features.Fleet;

/// <summary>The first page as a value: every rule of sorting, grouping and wording, and nothing of HTML.</summary>
public sealed record FleetView
{
    public required FleetSentence Sentence { get; init; }
    public required IReadOnlyList<HostCard> Hosts { get; init; }
    public required IReadOnlyList<GroupSection> Groups { get; init; }
    public required IReadOnlyList<RunLine> Running { get; init; }

    /// <summary>Whether any host is simulated: the page says so at the top.</summary>
    public required bool HasSimulatedHosts { get; init; }

    public required DateTimeOffset Now { get; init; }

    public static FleetView Of(
        IReadOnlyList<SystemResource> systems,
        IReadOnlyList<GroupResource> groups,
        IReadOnlyList<EdgeResource> edges,
        DateTimeOffset now
    )
    {
        var lines = edges.Select(e => EdgeLine.Of(e, now)).ToLookup(l => l.Edge.SyncGroupId);
        var hosts = systems.Select(s => HostCard.Of(s, now)).OrderBy(h => h.Tone).ThenBy(h => h.Hostname).ToList();
        return new FleetView
        {
            Sentence = FleetSentence.Of(systems, edges, now),
            Hosts = hosts,
            Groups =
            [
                .. groups
                    .Select(g => GroupSection.Of(g, lines[g.Id]))
                    .OrderBy(g => g.Tone)
                    .ThenBy(g => g.Name, StringComparer.OrdinalIgnoreCase),
            ],
            Running =
            [
                .. edges
                    .Where(e => e.Run is { State: InstructionState.Leased })
                    .Select(e => RunLine.Of(e.Run!, now))
                    .OrderBy(r => r.StartedAt),
            ],
            HasSimulatedHosts = systems.Any(s => s.Simulated),
            Now = now,
        };
    }
}

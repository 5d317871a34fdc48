using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Systems;
using ZfsSync.Witness.Features.Edges;

namespace ZfsSync.Witness.Features.Fleet;

/// <summary>The first page as a value: every rule of sorting, grouping and wording, and nothing of HTML.</summary>
public sealed record FleetView
{
    private const int HostsShown = 200;

    public required FleetSentence Sentence { get; init; }
    public required IReadOnlyList<HostCard> Hosts { get; init; }

    /// <summary>Hosts that are left out of the list; those that want attention come first in it.</summary>
    public int MoreHosts { get; init; }

    public required IReadOnlyList<GroupSection> Groups { get; init; }
    public required IReadOnlyList<RunLine> Running { get; init; }

    /// <summary>Whether any host is simulated: the page says so at the top.</summary>
    public required bool HasSimulatedHosts { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>Of a fleet whose edges are all at hand.</summary>
    public static FleetView Of(
        IReadOnlyList<SystemResource> systems,
        IReadOnlyList<GroupResource> groups,
        IReadOnlyList<EdgeResource> edges,
        DateTimeOffset now
    ) => Of(systems, groups, edges, EdgeTally.Of(edges, now), now);

    /// <param name="systems">All hosts.</param>
    /// <param name="groups">All groups.</param>
    /// <param name="edges">Those that are shown.</param>
    /// <param name="tallies">All edges, counted.</param>
    /// <param name="now">The instant.</param>
    public static FleetView Of(
        IReadOnlyList<SystemResource> systems,
        IReadOnlyList<GroupResource> groups,
        IReadOnlyList<EdgeResource> edges,
        IReadOnlyList<EdgeTally> tallies,
        DateTimeOffset now
    )
    {
        var counts = tallies.ToLookup(t => t.GroupId);
        var lines = edges.Select(e => EdgeLine.Of(e, now)).ToLookup(l => l.Edge.SyncGroupId);
        var hosts = systems.Select(s => HostCard.Of(s, now)).OrderBy(h => h.Tone).ThenBy(h => h.Hostname).ToList();
        return new FleetView
        {
            Sentence = FleetSentence.Of(systems, tallies, now),
            Hosts = [.. hosts.Take(HostsShown)],
            MoreHosts = Math.Max(0, hosts.Count - HostsShown),
            Groups =
            [
                .. groups
                    .Select(g => GroupSection.Of(g, lines[g.Id], [.. counts[g.Id]]))
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

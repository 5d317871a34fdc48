using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Systems;
using ZfsSync.Core.Display;
using ZfsSync.Witness.Features.Edges;

namespace ZfsSync.Witness.Features.Fleet;

/// <summary>The one sentence of truth at the top. It says that all is well only when every copy is proven.</summary>
/// <param name="Tone">The worst there is.</param>
/// <param name="Text">The sentence.</param>
public sealed record FleetSentence(Tone Tone, string Text)
{
    public static FleetSentence Of(
        IReadOnlyList<SystemResource> systems,
        IReadOnlyList<EdgeTally> tallies,
        DateTimeOffset now
    )
    {
        if (systems.Count == 0)
            return new FleetSentence(Tone.Quiet, "No host takes part yet.");
        var copies = tallies.Where(t => !t.HasNothingToSend).ToList();
        var all = copies.Sum(t => t.Count);
        if (all == 0)
            return new FleetSentence(
                Tone.Quiet,
                $"{Count(systems.Count, "host")} {(systems.Count == 1 ? "takes" : "take")} part; nothing is copied yet."
            );
        var proven = CountOf(copies, EdgeState.InSync);
        var rest = Parts(copies).ToList();
        if (rest.Count == 0)
            return new FleetSentence(Tone.Good, All(copies, all, now));
        var worst = copies.Min(EdgeLine.ToneOf);
        var late = copies.Sum(t => t.Late);
        return new FleetSentence(
            worst,
            $"{proven} of {Count(all, "copy", "copies")} {(proven == 1 ? "is" : "are")} proven; {string.Join(", ", rest)}{(late > 0 ? $"; {late} late" : "")}."
        );
    }

    private static string All(List<EdgeTally> copies, int count, DateTimeOffset now)
    {
        var oldest = copies.Min(t => t.OldestProven);
        var age = oldest is { } at ? $"; the oldest is {Duration.InWords(now - at)} old" : "";
        return count == 1 ? $"The one copy is proven{age}." : $"All {count} copies are proven{age}.";
    }

    private static IEnumerable<string> Parts(List<EdgeTally> copies)
    {
        var conflicts = CountOf(copies, EdgeState.Conflict);
        if (conflicts > 0)
            yield return conflicts == 1 ? "1 conflict waits for you" : $"{conflicts} conflicts wait for you";
        foreach (
            var (state, word) in new[]
            {
                (EdgeState.Error, "failing"),
                (EdgeState.Stale, "stale"),
                (EdgeState.Unproven, "not shown yet"),
                (EdgeState.Syncing, "being copied"),
                (EdgeState.OutOfSync, "behind"),
            }
        )
        {
            if (CountOf(copies, state) is var count and > 0)
                yield return $"{count} {word}";
        }
    }

    private static int CountOf(List<EdgeTally> copies, EdgeState state) =>
        copies.Where(t => t.State == state).Sum(t => t.Count);

    private static string Count(int count, string one, string? many = null) =>
        count == 1 ? $"1 {one}" : $"{count} {many ?? one + "s"}";
}

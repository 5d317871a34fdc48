using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Systems;
using ZfsSync.Core.Display;
using ZfsSync.Core.Replication;

namespace ZfsSync.Witness.Features.Fleet;

/// <summary>The one sentence of truth at the top. It says that all is well only when every copy is proven.</summary>
/// <param name="Tone">The worst there is.</param>
/// <param name="Text">The sentence.</param>
public sealed record FleetSentence(Tone Tone, string Text)
{
    public static FleetSentence Of(
        IReadOnlyList<SystemResource> systems,
        IReadOnlyList<EdgeResource> edges,
        DateTimeOffset now
    )
    {
        if (systems.Count == 0)
            return new FleetSentence(Tone.Quiet, "No host takes part yet.");
        var copies = edges.Where(e => !HasNothingToSend(e)).ToList();
        if (copies.Count == 0)
            return new FleetSentence(
                Tone.Quiet,
                $"{Count(systems.Count, "host")} {(systems.Count == 1 ? "takes" : "take")} part; nothing is copied yet."
            );
        var proven = copies.Count(e => e.State == EdgeState.InSync);
        var rest = Parts(copies).ToList();
        if (rest.Count == 0)
            return new FleetSentence(Tone.Good, All(copies, now));
        var worst = copies.Min(EdgeLine.ToneOf);
        return new FleetSentence(
            worst,
            $"{proven} of {Count(copies.Count, "copy", "copies")} {(proven == 1 ? "is" : "are")} proven; {string.Join(", ", rest)}."
        );
    }

    private static string All(List<EdgeResource> copies, DateTimeOffset now)
    {
        var oldest = copies.Min(e => e.ProvenCreatedAt);
        var age = oldest is { } at ? $"; the oldest is {Duration.InWords(now - at)} old" : "";
        return copies.Count == 1 ? $"The one copy is proven{age}." : $"All {copies.Count} copies are proven{age}.";
    }

    private static IEnumerable<string> Parts(List<EdgeResource> copies)
    {
        var conflicts = copies.Count(e => e.State == EdgeState.Conflict);
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
            if (copies.Count(e => e.State == state) is var count and > 0)
                yield return $"{count} {word}";
        }
    }

    internal static bool HasNothingToSend(EdgeResource edge) =>
        edge is { State: EdgeState.OutOfSync, Reason: ReasonCode.NoSourceSnapshots or ReasonCode.NoSelectedSnapshots };

    private static string Count(int count, string one, string? many = null) =>
        count == 1 ? $"1 {one}" : $"{count} {many ?? one + "s"}";
}

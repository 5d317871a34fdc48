using System.Text;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>
/// Lets a host take part that reports names and times only. Before planning, each of its snapshots gets the guid of the
/// other side's snapshot with the same label and creation second, or else one made from the two; after it, the made-up
/// ones are unknown again. Without a createtxg the creation times must serve as the order.
/// </summary>
/// <param name="Facts">The facts with guids and an order throughout.</param>
/// <param name="IsByName">Whether any guid was missing, rather than only the order.</param>
/// <param name="MadeUp">The guids that no host knows.</param>
internal sealed record GuidlessMatch(EdgeFacts Facts, bool IsByName, IReadOnlySet<SnapshotGuid> MadeUp)
{
    /// <summary>The facts with guids throughout; null when nothing is missing.</summary>
    public static GuidlessMatch? Align(EdgeFacts facts)
    {
        if (!facts.Source!.Snapshots.Any(IsIncomplete) && facts.Target?.Snapshots.Any(IsIncomplete) is not true)
            return null;
        var known = new Dictionary<(string Label, long Second), SnapshotGuid>();
        foreach (
            var snapshot in facts.Source.Snapshots.Concat(facts.Target?.Snapshots ?? []).Where(s => !s.Guid.IsUnknown)
        )
        {
            if (snapshot.CreatedAt is { } at)
                known.TryAdd((snapshot.Label, at.ToUnixTimeSeconds()), snapshot.Guid);
        }
        var madeUp = new HashSet<SnapshotGuid>();
        return new GuidlessMatch(
            facts with
            {
                Source = Complete(facts.Source, "source"),
                Target = facts.Target is { } target ? Complete(target, "target") : null,
            },
            facts.Source.Snapshots.Concat(facts.Target?.Snapshots ?? []).Any(s => s.Guid.IsUnknown),
            madeUp
        );

        DatasetInventory Complete(DatasetInventory dataset, string side) =>
            dataset with
            {
                Snapshots = InOrder([
                    .. dataset.Snapshots.Select(s => s.Guid.IsUnknown ? s with { Guid = GuidOf(s, side) } : s),
                ]),
            };

        SnapshotGuid GuidOf(Snapshot snapshot, string side)
        {
            // Without a time the label alone proves nothing: the two sides must not meet in it.
            var second = snapshot.CreatedAt?.ToUnixTimeSeconds();
            if (second is { } at && known.TryGetValue((snapshot.Label, at), out var found))
                return found;
            var guid = MakeUp(second is null ? $"{side}@{snapshot.Label}" : $"{second}@{snapshot.Label}");
            madeUp.Add(guid);
            return guid;
        }
    }

    /// <summary>The decision without the made-up guids.</summary>
    public ReplicationDecision Restore(ReplicationDecision decision) => new GuidEraser(MadeUp).Erase(decision);

    /// <summary>The snapshot without a made-up guid.</summary>
    public Snapshot Restore(Snapshot snapshot) => new GuidEraser(MadeUp).Erase(snapshot);

    private static bool IsIncomplete(Snapshot snapshot) => snapshot.Guid.IsUnknown || snapshot.CreateTxg == 0;

    private static Snapshot[] InOrder(Snapshot[] snapshots) =>
        snapshots.All(s => s.CreateTxg != 0)
            ? snapshots
            :
            [
                .. snapshots
                    .OrderBy(s => s.CreatedAt ?? DateTimeOffset.MinValue)
                    .ThenBy(s => s.Label, StringComparer.Ordinal)
                    .Select((s, i) => s with { CreateTxg = (ulong)i + 1 }),
            ];

    /// <summary>FNV-1a: the same text gives the same number on every run and host.</summary>
    private static SnapshotGuid MakeUp(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(text))
            hash = (hash ^ b) * 1099511628211UL;
        return new SnapshotGuid(hash);
    }
}

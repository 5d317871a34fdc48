using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>How far a target is behind its source, by both inventories.</summary>
/// <param name="Snapshots">How many wanted snapshots, old enough to be sent, the target lacks after the newest common one.</param>
/// <param name="Behind">From the newest common snapshot to the newest wanted one; zero when nothing is missing, null when there is no common one or a time is unknown.</param>
/// <param name="Proven">The newest snapshot or bookmark of the source that the target's own inventory holds, as the target names it; null when there is none.</param>
public sealed record EdgeLag(int Snapshots, TimeSpan? Behind, Snapshot? Proven)
{
    /// <summary>
    /// From when on the oldest snapshot that is missing could have been sent: its creation and the minimum age. Null when nothing
    /// is missing, nothing is common yet, or the time is unknown.
    /// </summary>
    public DateTimeOffset? MissingSince { get; init; }

    /// <summary>Measures one edge. Hosts without guids are matched by name and creation second.</summary>
    public static EdgeLag Measure(EdgeFacts facts, EdgePolicy policy)
    {
        if (facts.Source is null)
            return new EdgeLag(0, null, null);
        var match = GuidlessMatch.Align(facts);
        var aligned = match?.Facts ?? facts;
        var history = EdgeHistory.Compare(aligned.Source!, aligned.Target);
        var missing = SnapshotChoice.Arriving(policy, facts.Now, history.SourceOnly).Arriving;
        var proven = history.BaseOnTarget is { } common ? match?.Restore(common) ?? common : null;
        TimeSpan? behind =
            proven is null ? null
            : missing.Count == 0 ? TimeSpan.Zero
            : missing[^1].CreatedAt - proven.CreatedAt;
        return new EdgeLag(missing.Count, behind < TimeSpan.Zero ? TimeSpan.Zero : behind, proven)
        {
            MissingSince = proven is null || missing.Count == 0 ? null : missing[0].CreatedAt + policy.MinAge,
        };
    }
}

using ZfsSync.Core.Display;
using ZfsSync.Core.Snapshots;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Replication;

/// <summary>Which of the source's snapshots the policy lets arrive now.</summary>
internal static class SnapshotChoice
{
    /// <summary>Clocks of hosts that are kept right differ by less.</summary>
    private static readonly TimeSpan FurthestAhead = TimeSpan.FromMinutes(5);

    /// <summary>
    /// The snapshots of <paramref name="candidates"/> that are selected and old enough; and when there are none, the
    /// first that is only too young. Age cuts the history, it makes no holes: whatever comes before an old enough snapshot
    /// is older, however the clock stood when it was taken.
    /// </summary>
    public static (List<Snapshot> Arriving, Snapshot? Young) Arriving(
        EdgePolicy policy,
        DateTimeOffset now,
        IReadOnlyList<Snapshot> candidates
    )
    {
        var selected = candidates.Where(s => policy.Snapshots.Wants(s.Label)).ToList();
        var end = selected.FindLastIndex(s => IsOldEnough(policy, now, s));
        return end < 0 ? ([], selected.FirstOrDefault()) : (selected[..(end + 1)], null);
    }

    /// <summary>
    /// Whether the minimum age is over. A snapshot of unknown age is too young for any minimum. One from the future is of a
    /// clock that was wrong, perhaps by a month: to wait for it could mean to wait for ever, so it is not held back.
    /// </summary>
    public static bool IsOldEnough(EdgePolicy policy, DateTimeOffset now, Snapshot snapshot) =>
        policy.MinAge <= TimeSpan.Zero
        || (snapshot.CreatedAt is { } created && (now - created >= policy.MinAge || created - now > FurthestAhead));

    public static Nothing TooYoung(EdgeView edge, Snapshot first) =>
        new(
            ReasonCode.YoungerThanMinAge,
            first.CreatedAt is { } created
                ? $"@{first.Label} is {Duration.InWords(edge.Facts.Now - created)} old and is sent when it is {Duration.InWords(edge.Policy.MinAge)} old."
                : $"The age of @{first.Label} is not reported, and only snapshots at least {Duration.InWords(edge.Policy.MinAge)} old are sent."
        );

    /// <summary>The reason to wait when the newest arriving snapshot is too close to what the target has.</summary>
    public static Nothing? GapTooSmall(EdgeView edge, Snapshot newest)
    {
        if (
            edge.Policy.MinGap <= TimeSpan.Zero
            || newest.CreatedAt is not { } newestAt
            || edge.History.BaseOnTarget?.CreatedAt is not { } baseAt
            || newestAt - baseAt >= edge.Policy.MinGap
        )
            return null;
        return new Nothing(
            ReasonCode.WithinMinGap,
            $"@{newest.Label} is {Duration.InWords(newestAt - baseAt)} newer than the target's newest snapshot; "
                + $"it is sent when there are {Duration.InWords(edge.Policy.MinGap)} between them."
        );
    }
}

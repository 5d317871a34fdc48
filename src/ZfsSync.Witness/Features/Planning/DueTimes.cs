using ZfsSync.Core.Replication;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>When a decision may change by time alone: a retry falls due, a snapshot grows old enough, a consent ends.</summary>
internal static class DueTimes
{
    // A report that changes nothing rings no bell, and may still be what is waited for.
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    public static DateTimeOffset? Next(
        EdgeRow row,
        EdgeCandidate candidate,
        UnitFacts facts,
        EdgePolicy policy,
        bool awaitsReport
    )
    {
        var instants = new List<DateTimeOffset>();
        if (awaitsReport)
            instants.Add(facts.Now + LookAgain);
        if (row.RetryAt is { } retry)
            instants.Add(retry);
        if (candidate.Facts is { } compared)
        {
            instants.AddRange(compared.Approvals.Select(a => a.ExpiresAt));
            if (policy.MinAge > TimeSpan.Zero)
                instants.AddRange(
                    compared.Source?.Snapshots.Select(s => s.CreatedAt + policy.MinAge).OfType<DateTimeOffset>() ?? []
                );
        }
        return instants.Where(i => i > facts.Now).Order().Select(i => (DateTimeOffset?)i).FirstOrDefault();
    }
}

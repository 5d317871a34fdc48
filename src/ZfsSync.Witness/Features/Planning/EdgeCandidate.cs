using ZfsSync.Core.Replication;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>A possible edge with what the two histories say about it, before anything outside them is asked.</summary>
/// <param name="Key">What it is.</param>
/// <param name="Decision">From the two histories, or why they are not compared.</param>
/// <param name="Facts">What was compared; null when nothing was.</param>
/// <param name="Lag">Measured from the same; null when nothing was compared.</param>
internal sealed record EdgeCandidate(EdgeKey Key, ReplicationDecision Decision, EdgeFacts? Facts, EdgeLag? Lag)
{
    /// <summary>
    /// The target's own inventory shows all that it should have by now. What is younger, or nearer to the last common
    /// snapshot, than the policy wants it is not missing.
    /// </summary>
    public bool HoldsEverything =>
        Decision is UpToDate
        || (
            Lag?.Proven is not null
            && Decision is Nothing { Reason: ReasonCode.YoungerThanMinAge or ReasonCode.WithinMinGap }
        );

    /// <summary>There is something to be carried out.</summary>
    public bool Acts => Decision is Full or Incremental or Resume or ApprovedRepair or AbortPartial;
}

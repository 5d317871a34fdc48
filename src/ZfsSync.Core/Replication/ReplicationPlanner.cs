namespace ZfsSync.Core.Replication;

/// <summary>Decides what to do about one edge. Pure: facts and policy in, a decision that explains itself out.</summary>
public static class ReplicationPlanner
{
    /// <summary>The decision for one edge.</summary>
    public static ReplicationDecision Plan(EdgeFacts facts, EdgePolicy policy) =>
        facts.Source is null
            ? new ReplicationDecision.Nothing(
                ReasonCode.SourceDatasetMissing,
                $"The source has no dataset for {policy}."
            )
            : new ReplicationDecision.Nothing(ReasonCode.NoSourceSnapshots, "");
}

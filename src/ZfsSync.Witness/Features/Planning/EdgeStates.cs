using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Replication;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>What an edge is called, from what was decided. In sync is said only of what the target's own inventory shows.</summary>
internal static class EdgeStates
{
    public static EdgeState Of(ReplicationDecision decision, EdgeCandidate candidate, EdgeRow row, EdgeMemory memory) =>
        candidate.HoldsEverything ? EdgeState.InSync
        : IsStale(decision) ? EdgeState.Stale
        : decision is Conflict ? EdgeState.Conflict
        : memory.AwaitsProof is not null || memory.IsFlagged ? EdgeState.Unproven
        : row.Failures > 0 ? EdgeState.Error
        : EdgeState.OutOfSync;

    public static EdgeState WhileRunning(ReplicationDecision compared) =>
        IsStale(compared) ? EdgeState.Stale : EdgeState.Syncing;

    private static bool IsStale(ReplicationDecision decision) =>
        decision is Nothing { Reason: ReasonCode.SourceStale or ReasonCode.TargetStale };
}

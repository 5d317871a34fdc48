using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Replication;

/// <summary>
/// Finds the repair that a person consented to. The consent must name exactly the snapshots that are lost now: one
/// more has appeared, or one has gone, and it is void, because it was given for something else.
/// </summary>
internal static class ApprovalMatch
{
    public static ReplicationDecision Apply(Conflict conflict, EdgeView edge)
    {
        foreach (var repair in conflict.Repairs.Where(r => r.IsExecutable))
        {
            var destroyed = repair.Destroys.Select(s => s.Guid).ToHashSet();
            if (
                edge.Facts.Approvals.Any(a =>
                    a.Kind == repair.Kind && a.ExpiresAt > edge.Facts.Now && destroyed.SetEquals(a.Destroys)
                )
            )
                return new ApprovedRepair(conflict.Kind, repair)
                {
                    Abort = repair.Kind == RepairKind.AbortPartialReceive ? null : edge.Abort,
                };
        }
        return conflict;
    }
}

using ZfsSync.Contracts;
using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Replication;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Edges;

/// <summary>A person consents to a repair: of what the edge offers now, with exactly the snapshots that it names.</summary>
internal sealed class RepairConsent(
    Database database,
    EdgeStore edges,
    ApprovalStore approvals,
    AuditStore audit,
    EdgePlanning planning,
    TimeProvider time
)
{
    private const int MostSeconds = 86_400;

    public async Task<ApprovalAnswer> ApproveAsync(
        string edgeId,
        RepairApproval consent,
        Caller caller,
        CancellationToken cancellation
    )
    {
        if (consent.ExpiresSeconds is < 1 or > MostSeconds)
            throw Problems.Invalid("expires_seconds", $"must be from 1 to {MostSeconds}");
        var now = time.GetUtcNow();
        var expires = now.AddSeconds(consent.ExpiresSeconds);
        var edge = await database.WriteAsync(
            async session =>
            {
                var found = await edges.FindAsync(session, edgeId) ?? throw Problems.RefusedMissing("edge", edgeId);
                Check(found, consent);
                var approval = new Approval(consent.Kind, consent.Destroys.ToHashSet(), expires);
                await approvals.InsertAsync(session, edgeId, approval, caller.Name, now);
                await audit.WriteAsync(session, caller, "approve_repair", edgeId, Detail(found, consent), now);
                return found;
            },
            cancellation
        );
        await planning.PlanAsync(
            new PlanningRequest(edge.GroupId, [edge.LogicalDataset], new HashSet<Guid> { edge.TargetSystemId }),
            cancellation
        );
        return new ApprovalAnswer(edgeId, expires);
    }

    private static void Check(EdgeRow edge, RepairApproval consent)
    {
        var option = edge.View.Repairs.FirstOrDefault(r => r.Kind == consent.Kind && r.Executable);
        if (option is null)
            throw edge.View.Repairs.Any(r => r.Kind == consent.Kind)
                ? Problems.Invalid(
                    "kind",
                    $"{EnumText<RepairKind>.Of(consent.Kind)} is done by a person, not by zfs-sync"
                )
                : Stale($"{edge.TargetDataset} does not offer {EnumText<RepairKind>.Of(consent.Kind)} (any more).");
        if (!option.Destroys.ToHashSet().SetEquals(consent.Destroys))
            throw Stale(
                $"The repair would destroy {option.Destroys.Count} snapshots now, and not the {consent.Destroys.Count} that were named."
            );
    }

    private static RefusedException Stale(string what) =>
        Problems.Refused(
            StatusCodes.Status409Conflict,
            ProblemCodes.StaleApproval,
            $"{what} Look at the edge again before approving."
        );

    private static string Detail(EdgeRow edge, RepairApproval consent) =>
        $"{EnumText<RepairKind>.Of(consent.Kind)} of {edge.TargetDataset}, destroys {string.Join(',', consent.Destroys)}";
}

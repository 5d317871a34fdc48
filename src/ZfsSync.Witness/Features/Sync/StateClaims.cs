using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Sync;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Features.Snapshots;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Sync;

/// <summary>Keeps what a script says of its edge, as a claim: only an inventory proves it.</summary>
internal sealed class StateClaims(
    Database database,
    GroupStore groups,
    EdgeReadStore edges,
    StateStore states,
    DatasetHeadStore datasets,
    TimeProvider time
)
{
    private static readonly EdgeState[] Claimable =
    [
        EdgeState.InSync,
        EdgeState.OutOfSync,
        EdgeState.Syncing,
        EdgeState.Conflict,
        EdgeState.Error,
    ];

    public Task<StateResource> ClaimAsync(StateClaim claim, Caller caller, CancellationToken cancellation)
    {
        if (!Claimable.Contains(claim.Status))
            throw Problems.Invalid("status", "must be one of in_sync, out_of_sync, syncing, conflict, error");
        if (!caller.MayActFor(claim.SystemId))
            throw Problems.Refused(
                StatusCodes.Status403Forbidden,
                Contracts.ProblemCodes.Forbidden,
                "The key belongs to another host than system_id; nothing was stored."
            );
        return database.WriteAsync(
            async session =>
            {
                if (await groups.FindAsync(session, claim.SyncGroupId) is null)
                    throw Problems.RefusedMissing("sync group", claim.SyncGroupId);
                var edge = await EdgeAsync(session, claim);
                var now = time.GetUtcNow();
                await states.SaveAsync(session, edge.EdgeId, claim.Status, claim.ErrorMessage, now);
                return StateRules.Of(edge, new ClaimedState(claim.Status, claim.ErrorMessage, now));
            },
            cancellation
        );
    }

    public async Task<IReadOnlyList<StateResource>> ListAsync(
        Session session,
        Guid? groupId,
        Guid? systemId,
        int limit,
        int offset
    )
    {
        var found = await edges.ListAsync(session, groupId, systemId, limit, offset);
        var claims = await states.LoadAsync(session, [.. found.Select(e => e.EdgeId)]);
        return [.. found.Select(e => StateRules.Of(e, claims.GetValueOrDefault(e.EdgeId)))];
    }

    public async Task<StateResource?> FindAsync(Session session, Guid stateId, Guid? systemId)
    {
        if (StateRules.EdgeIdOf(stateId) is not { } edgeId || await edges.FindAsync(session, edgeId) is not { } edge)
            return null;
        if (systemId is { } own && edge.Source.SystemId != own && edge.Target.SystemId != own)
            return null;
        return StateRules.Of(edge, (await states.LoadAsync(session, [edgeId])).GetValueOrDefault(edgeId));
    }

    private async Task<EdgeResource> EdgeAsync(Session session, StateClaim claim)
    {
        var dataset = claim.Dataset ?? await DatasetOfSnapshotAsync(session, claim);
        if (dataset is null)
            throw Problems.Invalid("dataset", "or snapshot_id is required: say which dataset it is about");
        var own = (await edges.ListAsync(session, claim.SyncGroupId, claim.SystemId, int.MaxValue, 0))
            .Where(e => e.Target.SystemId == claim.SystemId)
            .ToList();
        return own.FirstOrDefault(e => Names(e, dataset))
            ?? throw Problems.Invalid(
                claim.Dataset is null ? "snapshot_id" : "dataset",
                $"'{dataset}' is nothing that this group copies to that host"
            );
    }

    private async Task<string?> DatasetOfSnapshotAsync(Session session, StateClaim claim) =>
        claim.SnapshotId is { } id
            ? await datasets.NameAsync(session, claim.SystemId, SnapshotIdentity.FromId(id).DatasetId)
                ?? throw Problems.Invalid("snapshot_id", $"{id} is no snapshot of that host")
            : null;

    private static bool Names(EdgeResource edge, string dataset) =>
        dataset == edge.LogicalDataset
        || dataset == edge.Target.Dataset
        || dataset == edge.Source.Dataset
        || (
            edge.Target.Dataset.Contains('/')
            && dataset == edge.Target.Dataset[(edge.Target.Dataset.IndexOf('/') + 1)..]
        );
}

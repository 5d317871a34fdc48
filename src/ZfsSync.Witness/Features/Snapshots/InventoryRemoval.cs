using ZfsSync.Contracts;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Features.Systems;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>Forgets snapshots: of the inventory only, no pool is touched, and a report brings back what is still there.</summary>
internal sealed class InventoryRemoval(
    Database database,
    SystemStore systems,
    DatasetStore datasets,
    SnapshotStore snapshots,
    SnapshotQueryStore queries,
    PlanningBell bell
)
{
    /// <summary>False when there is no such snapshot.</summary>
    /// <exception cref="RefusedException">It is another host's.</exception>
    public async Task<bool> RemoveAsync(Guid id, Caller caller, CancellationToken cancellation)
    {
        var (datasetId, guid) = SnapshotIdentity.FromId(id);
        var removed = await database.WriteAsync(
            async session =>
            {
                var found = await queries.FindAsync(session, datasetId, guid);
                if (found is null || caller.IsForeign(found.SystemId))
                    return null;
                if (!caller.MayActFor(found.SystemId))
                    throw Problems.Refused(
                        StatusCodes.Status403Forbidden,
                        ProblemCodes.Forbidden,
                        "The key may not remove a host's snapshots; an operator's may."
                    );
                await snapshots.DeleteAsync(session, datasetId, [guid]);
                await datasets.ForgetDigestsAsync(session, found.SystemId, [datasetId]);
                return found;
            },
            cancellation
        );
        if (removed is null)
            return false;
        bell.Ring([new ChangedDataset(removed.SystemId, DatasetName.Parse(removed.Dataset))]);
        return true;
    }

    /// <summary>How many went, or null when there is no such host.</summary>
    public async Task<InventoryRemoved?> RemoveOfSystemAsync(Guid systemId, CancellationToken cancellation)
    {
        var removed = await database.WriteAsync(
            async session =>
            {
                if (await systems.FindAsync(session, systemId) is not { } system)
                    return null;
                var count = await snapshots.DeleteOfSystemAsync(session, systemId);
                var rows = await datasets.OfSystemAsync(session, systemId);
                await datasets.ForgetDigestsAsync(session, systemId, rows.Select(row => row.Id));
                return new InventoryRemoved(systemId, system.Hostname, count);
            },
            cancellation
        );
        if (removed is not null)
            bell.RingAll(systemId);
        return removed;
    }
}

/// <summary>The answer of <c>DELETE /snapshots/system/{id}</c>.</summary>
internal sealed record InventoryRemoved(Guid SystemId, string Hostname, int DeletedCount);

using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Sync;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Sync;

/// <summary>A group's edges, page by page, for the summaries; a host sees its own edges of its own groups only.</summary>
internal sealed class GroupEdges(
    Database database,
    GroupStore groups,
    EdgeReadStore edges,
    EdgeTallyStore tallies,
    HostFactsStore hosts
)
{
    /// <exception cref="RefusedException">There is no such group for this caller.</exception>
    public Task<GroupResource> FindAsync(Guid groupId, Caller caller, CancellationToken cancellation) =>
        database.ReadAsync(session => FindAsync(session, groupId, caller), cancellation);

    public Task<GroupStatus> StatusAsync(Guid groupId, Caller caller, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                await FindAsync(session, groupId, caller);
                return SyncSummary.Status(groupId, await tallies.CountAsync(session, groupId, caller.OnlySystem));
            },
            cancellation
        );

    public Task<MismatchesAnswer> MismatchesAsync(
        Guid groupId,
        Page page,
        Caller caller,
        CancellationToken cancellation
    ) =>
        database.ReadAsync(
            async session =>
            {
                await FindAsync(session, groupId, caller);
                var behind = await edges.BehindAsync(session, groupId, caller.OnlySystem, page.Size, page.Offset);
                var count = await edges.CountBehindAsync(session, groupId, caller.OnlySystem);
                return new MismatchesAnswer(SyncSummary.Mismatches(behind), (int)count);
            },
            cancellation
        );

    public Task<GroupAnalysis> AnalysisAsync(Guid groupId, Page page, Caller caller, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                var group = await FindAsync(session, groupId, caller);
                var own = caller.OnlySystem;
                var names = await edges.DatasetsAsync(session, groupId, own, page.Size, page.Offset);
                var shown = await edges.OfDatasetsAsync(session, groupId, own, names);
                return SyncSummary.Analysis(group, await hosts.HostnamesAsync(session), shown) with
                {
                    TotalDatasets = (int)await edges.CountDatasetsAsync(session, groupId, own),
                    TotalMismatches = (int)await edges.CountBehindAsync(session, groupId, own),
                };
            },
            cancellation
        );

    private async Task<GroupResource> FindAsync(Session session, Guid groupId, Caller caller)
    {
        var group = await groups.FindAsync(session, groupId);
        if (group is null || (caller.OnlySystem is { } own && !group.SystemIds.Contains(own)))
            throw Problems.RefusedMissing("sync group", groupId);
        return group;
    }
}

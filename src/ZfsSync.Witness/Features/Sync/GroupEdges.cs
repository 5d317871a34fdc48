using ZfsSync.Contracts.Groups;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Sync;

/// <summary>A group and all of its edges, for the summaries; a host sees its own edges of its own groups only.</summary>
internal sealed class GroupEdges(Database database, GroupStore groups, EdgeReadStore edges, EdgeTallyStore tallies)
{
    public Task<IReadOnlyList<EdgeTally>> CountAsync(Guid groupId, Caller caller, CancellationToken cancellation) =>
        database.ReadAsync(
            async session =>
            {
                await FindAsync(session, groupId, caller);
                return await tallies.CountAsync(session, groupId, caller.OnlySystem);
            },
            cancellation
        );

    public Task<(GroupResource Group, IReadOnlyList<EdgeSnapshot> Edges)> OfAsync(
        Guid groupId,
        Caller caller,
        CancellationToken cancellation
    ) =>
        database.ReadAsync(
            async session =>
            {
                var group = await FindAsync(session, groupId, caller);
                return (group, await edges.WithHistoryAsync(session, groupId, caller.OnlySystem));
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

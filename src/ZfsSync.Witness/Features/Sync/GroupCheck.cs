using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Systems;
using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Features.Reports;
using ZfsSync.Witness.Features.Systems;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Sync;

/// <summary>Looks at a group now: asks its hosts to report, waits for them as long as the caller likes, and plans.</summary>
internal sealed class GroupCheck(
    Database database,
    GroupStore groups,
    SystemStore systems,
    ReportRequestStore requests,
    EdgeStore waits,
    EdgePlanning planning,
    EdgeReadStore edges,
    Connectivity connectivity,
    FleetChanges fleet,
    TimeProvider time
)
{
    public const int MaxWaitSeconds = 60;

    /// <summary>A page of the decisions, and how many there are; null when there is no such group.</summary>
    /// <param name="retry">Whether what failed, or was stopped, is tried again at once.</param>
    public async Task<(CheckAnswer Answer, long Total)?> RunAsync(
        Guid groupId,
        int waitSeconds,
        bool retry,
        Page page,
        CancellationToken cancellation
    )
    {
        var askedAt = time.GetUtcNow();
        var asked = await database.WriteAsync(
            async session =>
            {
                if (retry)
                    await waits.EndWaitsAsync(session, groupId);
                return await AskAsync(session, groupId, askedAt);
            },
            cancellation
        );
        if (asked is null)
            return null;
        fleet.Notify([.. asked.Keys]);
        var awaited = await AwaitAsync(asked, askedAt.AddSeconds(waitSeconds), cancellation);
        await planning.PlanGroupAsync(groupId, cancellation);
        return await database.ReadAsync(
            async session =>
            {
                var decided = await edges.ListAsync(session, groupId, null, page.Size, page.Offset);
                var answer = new CheckAnswer(groupId, askedAt, decided) { Awaited = awaited };
                return (answer, await edges.CountAsync(session, groupId, null));
            },
            cancellation
        );
    }

    /// <summary>The open requests of the group's hosts; those without an agent report when they like.</summary>
    private async Task<IReadOnlyDictionary<Guid, DateTimeOffset>?> AskAsync(
        Session session,
        Guid groupId,
        DateTimeOffset now
    )
    {
        if (await groups.FindAsync(session, groupId) is not { } group)
            return null;
        await requests.AskAsync(session, group.SystemIds, now);
        return (await systems.FindAsync(session, group.SystemIds))
            .Where(system => system.AgentId is not null)
            .ToDictionary(system => system.Id, system => system.ReportRequestedAt!.Value);
    }

    /// <summary>Waits until all that are heard of have answered. Who has not in the end.</summary>
    private async Task<IReadOnlyList<string>> AwaitAsync(
        IReadOnlyDictionary<Guid, DateTimeOffset> asked,
        DateTimeOffset end,
        CancellationToken cancellation
    )
    {
        while (true)
        {
            var news = fleet.Next();
            var missing = (await database.ReadAsync(s => systems.FindAsync(s, [.. asked.Keys]), cancellation))
                .Where(system => !(system.ReportAnsweredAt >= asked[system.Id]))
                .ToList();
            var left = end - time.GetUtcNow();
            if (left <= TimeSpan.Zero || !missing.Exists(IsOnline))
                return [.. missing.Select(system => system.Hostname)];
            await fleet.WaitAsync(news, left, cancellation);
        }
    }

    private bool IsOnline(SystemRow system) => connectivity.StatusOf(system.LastSeen) == ConnectivityStatus.Online;
}

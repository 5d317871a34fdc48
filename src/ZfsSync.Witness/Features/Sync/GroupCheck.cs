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

/// <summary>How to look at a group now.</summary>
/// <param name="WaitSeconds">How long to wait for the reports of its hosts.</param>
/// <param name="Retry">Whether what failed, or was stopped, is tried again at once.</param>
/// <param name="Report">Whether its hosts are asked to report; without, it is planned with what is known.</param>
internal sealed record CheckRequest(int WaitSeconds, bool Retry, bool Report);

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
    public async Task<(CheckAnswer Answer, long Total)?> RunAsync(
        Guid groupId,
        CheckRequest wanted,
        Page page,
        CancellationToken cancellation
    )
    {
        var askedAt = time.GetUtcNow();
        var asked = await database.WriteAsync(
            async session =>
            {
                if (wanted.Retry)
                    await waits.EndWaitsAsync(session, groupId);
                return await AskAsync(session, groupId, wanted.Report ? askedAt : null);
            },
            cancellation
        );
        if (asked is null)
            return null;
        fleet.Notify([.. asked.Keys]);
        var awaited = await AwaitAsync(asked, askedAt.AddSeconds(wanted.WaitSeconds), cancellation);
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

    /// <summary>
    /// The open requests of the group's hosts, null when there is no such group; those without an agent report when they like.
    /// </summary>
    private async Task<IReadOnlyDictionary<Guid, DateTimeOffset>?> AskAsync(
        Session session,
        Guid groupId,
        DateTimeOffset? now
    )
    {
        if (await groups.FindAsync(session, groupId) is not { } group)
            return null;
        if (now is null)
            return new Dictionary<Guid, DateTimeOffset>();
        await requests.AskAsync(session, group.SystemIds, now.Value);
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

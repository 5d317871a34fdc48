using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Replication;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Edges;

/// <summary>Lets the database count.</summary>
internal sealed class EdgeTallyStore(TimeProvider time)
{
    /// <param name="session">Where.</param>
    /// <param name="groupId">Only of this group.</param>
    /// <param name="systemId">Only those that this host is a side of.</param>
    public async Task<IReadOnlyList<EdgeTally>> CountAsync(Session session, Guid? groupId, Guid? systemId)
    {
        var conditions = new List<string>();
        if (groupId is not null)
            conditions.Add("group_id = @groupId");
        if (systemId is not null)
            conditions.Add("(source_system_id = @systemId or target_system_id = @systemId)");
        var rows = await session.QueryAsync<Row>(
            $"""
            select group_id, state, reason, count(*) as edges, min(proven_created_at) as oldest_proven,
                max(decided_at) as last_decided, max(lag_seconds) as worst_lag_seconds,
                sum(case when late_at < @now and state <> 'in_sync' then 1 else 0 end) as late
            from edges {(conditions.Count == 0 ? "" : "where " + string.Join(" and ", conditions))}
            group by group_id, state, reason
            """,
            new
            {
                groupId = groupId ?? Guid.Empty,
                systemId = systemId ?? Guid.Empty,
                now = time.GetUtcNow(),
            }
        );
        return [.. rows.Select(row => row.ToTally())];
    }

    private sealed record Row
    {
        public Guid GroupId { get; init; }
        public string State { get; init; } = "";
        public string? Reason { get; init; }
        public long Edges { get; init; }
        public DateTimeOffset? OldestProven { get; init; }
        public DateTimeOffset? LastDecided { get; init; }
        public long? WorstLagSeconds { get; init; }
        public long Late { get; init; }

        public EdgeTally ToTally() =>
            new()
            {
                GroupId = GroupId,
                State = EnumText<EdgeState>.Parse(State),
                Reason = Reason is null ? null : EnumText<ReasonCode>.Parse(Reason),
                Count = (int)Edges,
                OldestProven = OldestProven,
                LastDecided = LastDecided,
                WorstLagSeconds = WorstLagSeconds,
                Late = (int)Late,
            };
    }
}

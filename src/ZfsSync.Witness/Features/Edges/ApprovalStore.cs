using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Edges;

/// <summary>Consents of people to repairs. Each serves once, and only until it expires.</summary>
internal sealed class ApprovalStore
{
    /// <summary>Per edge, the consents that still hold.</summary>
    public async Task<IReadOnlyDictionary<string, IReadOnlyList<Approval>>> ValidAsync(
        Session session,
        IReadOnlyCollection<string> edgeIds,
        DateTimeOffset now
    )
    {
        if (edgeIds.Count == 0)
            return new Dictionary<string, IReadOnlyList<Approval>>();
        var rows = await session.QueryAsync<Row>(
            """
            select edge_id, kind, destroys, expires_at from approvals
            where edge_id in @edgeIds and used_at is null and expires_at > @now
            """,
            new { edgeIds, now }
        );
        return rows.GroupBy(r => r.EdgeId)
            .ToDictionary(
                g => g.Key,
                g => (IReadOnlyList<Approval>)[.. g.Select(r => r.ToApproval())],
                StringComparer.Ordinal
            );
    }

    public Task InsertAsync(Session session, string edgeId, Approval approval, string approvedBy, DateTimeOffset now) =>
        session.ExecuteAsync(
            """
            insert into approvals (id, edge_id, kind, destroys, approved_by, created_at, expires_at)
            values (@id, @edgeId, @kind, @destroys, @approvedBy, @now, @ExpiresAt)
            """,
            new
            {
                id = Guid.CreateVersion7(now),
                edgeId,
                kind = EnumText<RepairKind>.Of(approval.Kind),
                destroys = string.Join(',', approval.Destroys.Order()),
                approvedBy,
                now,
                approval.ExpiresAt,
            }
        );

    /// <summary>A repair that an agent has begun uses up the consents to it: what comes after needs new ones.</summary>
    public Task UseAsync(Session session, string edgeId, RepairKind kind, DateTimeOffset now) =>
        session.ExecuteAsync(
            "update approvals set used_at = @now where edge_id = @edgeId and kind = @kind and used_at is null",
            new
            {
                edgeId,
                kind = EnumText<RepairKind>.Of(kind),
                now,
            }
        );

    private sealed record Row
    {
        public string EdgeId { get; init; } = "";
        public string Kind { get; init; } = "";
        public string Destroys { get; init; } = "";
        public DateTimeOffset ExpiresAt { get; init; }

        public Approval ToApproval() =>
            new(
                EnumText<RepairKind>.Parse(Kind),
                Destroys.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(SnapshotGuid.Parse).ToHashSet(),
                ExpiresAt
            );
    }
}

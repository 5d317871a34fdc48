using ZfsSync.Contracts.Edges;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Sync;

/// <summary>What scripts claimed of their edges, the last of each.</summary>
internal sealed class StateStore
{
    public Task SaveAsync(Session session, string edgeId, EdgeState status, string? error, DateTimeOffset now) =>
        session.ExecuteAsync(
            """
            insert into state_claims (edge_id, status, error_message, claimed_at) values (@edgeId, @status, @error, @now)
            on conflict (edge_id) do update set status = excluded.status, error_message = excluded.error_message,
                claimed_at = excluded.claimed_at
            """,
            new
            {
                edgeId,
                status = EnumText<EdgeState>.Of(status),
                error,
                now,
            }
        );

    public async Task<IReadOnlyDictionary<string, ClaimedState>> LoadAsync(
        Session session,
        IReadOnlyCollection<string> edgeIds
    )
    {
        var claims = new Dictionary<string, ClaimedState>(StringComparer.Ordinal);
        foreach (var chunk in edgeIds.Chunk(500))
        {
            var rows = await session.QueryAsync<Row>(
                "select edge_id, status, error_message, claimed_at from state_claims where edge_id in @chunk",
                new { chunk }
            );
            foreach (var row in rows)
                claims[row.EdgeId] = new ClaimedState(
                    EnumText<EdgeState>.Parse(row.Status),
                    row.ErrorMessage,
                    row.ClaimedAt
                );
        }
        return claims;
    }

    private sealed record Row
    {
        public string EdgeId { get; init; } = "";
        public string Status { get; init; } = "";
        public string? ErrorMessage { get; init; }
        public DateTimeOffset ClaimedAt { get; init; }
    }
}

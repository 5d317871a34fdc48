using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Pruning;

/// <summary>Deletes what only grows, some rows at a time, so that nobody waits long for the database. Each gives the rows deleted.</summary>
internal sealed class PruningStore
{
    /// <summary>The last sight of snapshots that vanished.</summary>
    public Task<int> TombstonesAsync(Session session, DateTimeOffset before, int limit) =>
        session.ExecuteAsync(
            """
            delete from vanished_snapshots where (system_id, dataset, guid) in (
                select system_id, dataset, guid from vanished_snapshots where vanished_at < @before limit @limit)
            """,
            new { before, limit }
        );

    /// <summary>
    /// Executions that ended. The last one of an edge that was called done stays as long as the edge: what planning knows of
    /// its proof is there.
    /// </summary>
    public Task<int> RunsAsync(Session session, DateTimeOffset before, int limit) =>
        session.ExecuteAsync(
            """
            delete from instructions where id in (
                select i.id from instructions i
                where i.created_at < @before and i.state in ('done', 'failed', 'refused', 'withdrawn')
                and (i.outcome_at is null or i.outcome_at < @before)
                and (i.state <> 'done'
                    or not exists (select 1 from edges e where e.id = i.edge_id)
                    or exists (select 1 from instructions n where n.edge_id = i.edge_id and n.state = 'done'
                        and n.outcome_at > i.outcome_at))
                limit @limit)
            """,
            new { before, limit }
        );

    /// <summary>Instructions that were withdrawn before anybody took them: nobody sees them.</summary>
    public Task<int> WithdrawnAsync(Session session, DateTimeOffset before, int limit) =>
        session.ExecuteAsync(
            """
            delete from instructions where id in (
                select id from instructions
                where created_at < @before and state = 'withdrawn' and started_at is null limit @limit)
            """,
            new { before, limit }
        );

    /// <summary>Consents that were used or have expired.</summary>
    public Task<int> ApprovalsAsync(Session session, DateTimeOffset before, int limit) =>
        session.ExecuteAsync(
            """
            delete from approvals where id in (
                select id from approvals where used_at < @before or expires_at < @before limit @limit)
            """,
            new { before, limit }
        );

    public Task<int> AuditAsync(Session session, DateTimeOffset before, int limit) =>
        session.ExecuteAsync(
            "delete from audit where id in (select id from audit where at < @before limit @limit)",
            new { before, limit }
        );

    /// <summary>Parts of reports whose others never came.</summary>
    public Task<int> PartsAsync(Session session, DateTimeOffset before, int limit) =>
        session.ExecuteAsync(
            """
            delete from report_parts where (system_id, sequence, part_index) in (
                select system_id, sequence, part_index from report_parts where received_at < @before limit @limit)
            """,
            new { before, limit }
        );
}

using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Reports;

/// <summary>What a report says of its host, and parts of reports that wait for their others.</summary>
internal sealed class ReportStore
{
    /// <summary>Marks the host as heard of, which also makes a second report of it wait. False when there is no such host.</summary>
    public async Task<bool> TouchAsync(Session session, Guid systemId, DateTimeOffset now) =>
        await session.ExecuteAsync("update systems set last_seen = @now where id = @systemId", new { systemId, now })
        == 1;

    public Task SetAgentAsync(Session session, Guid systemId, string agentId, DateTimeOffset now) =>
        session.ExecuteAsync(
            "update systems set agent_id = @agentId, agent_seen_at = @now where id = @systemId",
            new
            {
                systemId,
                agentId,
                now,
            }
        );

    public Task SetAcceptedAsync(Session session, AcceptedReport report) =>
        session.ExecuteAsync(
            """
            update systems set last_report = @At, last_sequence = @Sequence, report_scope = @Scope,
                report_digest = @Digest, report_complete = @Complete, report_in_full = @ReportInFull,
                report_answered_at = @ReportAnsweredAt,
                clock_skew_us = @ClockSkewUs, zfs_version = coalesce(@ZfsVersion, zfs_version),
                agent_version = coalesce(@AgentVersion, agent_version), pools = coalesce(@Pools, pools),
                simulated = @Simulated, frozen_reason = @FrozenReason
            where id = @SystemId
            """,
            report
        );

    /// <summary>Whether the inventory holds datasets of a pool.</summary>
    public async Task<bool> HoldsPoolAsync(Session session, Guid systemId, string pool) =>
        await session.ScalarAsync<long>(
            """
            select count(*) from (
                select 1 from datasets where system_id = @systemId
                and (name = @pool or substr(name, 1, length(@below)) = @below) limit 1) held
            """,
            new
            {
                systemId,
                pool,
                below = pool + "/",
            }
        ) > 0;

    public Task SetPoolsAsync(Session session, Guid systemId, string pools) =>
        session.ExecuteAsync("update systems set pools = @pools where id = @systemId", new { systemId, pools });

    public Task PutPartAsync(Session session, ReportPartRow part) =>
        session.ExecuteManyAsync(
            """
            insert into report_parts (system_id, sequence, part_index, part_count, head, body, received_at)
            values ($1, $2, $3, $4, $5, $6, $7)
            on conflict (system_id, sequence, part_index) do update set body = excluded.body,
                received_at = excluded.received_at
            """,
            [part],
            (writer, row) =>
            {
                writer.Add(ColumnMapping.ToColumn(row.SystemId));
                writer.Add(row.Sequence);
                writer.Add(row.PartIndex);
                writer.Add(row.PartCount);
                writer.Add(row.Head);
                writer.Add(row.Body);
                writer.Add(ColumnMapping.ToMicroseconds(row.ReceivedAt));
            }
        );

    /// <summary>Drops parts that do not belong to this one: of other sequences, or cut otherwise.</summary>
    public Task DropOtherPartsAsync(Session session, ReportPartRow part) =>
        session.ExecuteAsync(
            """
            delete from report_parts where system_id = @SystemId
            and (sequence <> @Sequence or part_count <> @PartCount or head <> @Head)
            """,
            new
            {
                part.SystemId,
                part.Sequence,
                part.PartCount,
                part.Head,
            }
        );

    public Task DropPartsAsync(Session session, Guid systemId) =>
        session.ExecuteAsync("delete from report_parts where system_id = @systemId", new { systemId });

    /// <summary>How many of the other parts of this report have come.</summary>
    public Task<long> CountOtherPartsAsync(Session session, ReportPartRow part) =>
        session.ScalarAsync<long>(
            "select count(*) from report_parts where system_id = @SystemId and part_index <> @PartIndex",
            new { part.SystemId, part.PartIndex }
        );

    /// <summary>The other parts of this report, in order.</summary>
    public async Task<IReadOnlyList<T>> OtherPartsAsync<T>(
        Session session,
        ReportPartRow part,
        Func<ReadOnlySpan<byte>, T> read
    )
    {
        var parts = new List<T>();
        await session.ReadAsync(
            "select body from report_parts where system_id = @SystemId and part_index <> @PartIndex order by part_index",
            new { part.SystemId, part.PartIndex },
            row => parts.Add(read(row.Bytes(0)))
        );
        return parts;
    }
}

using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Systems;

/// <summary>The rows of hosts.</summary>
internal sealed class SystemStore
{
    private const string Values =
        "@Id, @Hostname, @Platform, @SshHostname, @SshUser, @SshPort, @Labels, @ExtraMetadata, @ZfsVersion, @AgentVersion, @Pools, @Simulated, @FrozenReason, @ClockSkewUs, @AgentId, @AgentSeenAt, @LastSeen, @LastReport, @LastSequence, @ReportScope, @ReportDigest, @ReportComplete, @ReportInFull, @ReportRequestedAt, @ReportAnsweredAt, @CreatedAt, @UpdatedAt";

    public Task<SystemRow?> FindAsync(Session session, Guid id) =>
        session.FindAsync<SystemRow>($"select {SystemRow.Columns} from systems where id = @id", new { id });

    /// <summary>Those of these hosts that exist.</summary>
    public Task<IReadOnlyList<SystemRow>> FindAsync(Session session, IReadOnlyCollection<Guid> ids) =>
        session.QueryAsync<SystemRow>(
            $"select {SystemRow.Columns} from systems where id in @ids order by hostname",
            new { ids = ids.Select(ColumnMapping.ToColumn).ToList() }
        );

    public Task<SystemRow?> FindByHostnameAsync(Session session, string hostname) =>
        session.FindAsync<SystemRow>(
            $"select {SystemRow.Columns} from systems where lower(hostname) = lower(@hostname)",
            new { hostname }
        );

    public Task<IReadOnlyList<SystemRow>> ListAsync(Session session) =>
        session.QueryAsync<SystemRow>($"select {SystemRow.Columns} from systems order by hostname, id");

    public Task<IReadOnlyList<SystemRow>> ListAsync(Session session, Guid? only, Page page) =>
        session.QueryAsync<SystemRow>(
            $"""
            select {SystemRow.Columns} from systems where @all or id = @only
            order by hostname, id limit @Size offset @Offset
            """,
            new
            {
                all = only is null,
                only = only ?? Guid.Empty,
                page.Size,
                page.Offset,
            }
        );

    public Task<long> CountAsync(Session session, Guid? only) =>
        session.ScalarAsync<long>(
            "select count(*) from systems where @all or id = @only",
            new { all = only is null, only = only ?? Guid.Empty }
        );

    /// <summary>The other hosts of a host's edges.</summary>
    public Task<IReadOnlyList<SystemRow>> PartnersAsync(Session session, Guid id) =>
        session.QueryAsync<SystemRow>(
            $"""
            select {SystemRow.Columns} from systems
            where id <> @id and id in (
                select target_system_id from edges where source_system_id = @id
                union select source_system_id from edges where target_system_id = @id
            )
            order by hostname, id
            """,
            new { id }
        );

    /// <summary>False when the hostname is taken.</summary>
    public async Task<bool> InsertAsync(Session session, SystemRow system) =>
        await session.ExecuteAsync(
            $"insert into systems ({SystemRow.Columns}) values ({Values}) on conflict do nothing",
            system
        ) == 1;

    /// <summary>Writes what people set.</summary>
    public Task UpdateAsync(Session session, SystemRow system) =>
        session.ExecuteAsync(
            """
            update systems set hostname = @Hostname, platform = @Platform, ssh_hostname = @SshHostname,
                ssh_user = @SshUser, ssh_port = @SshPort, labels = @Labels, extra_metadata = @ExtraMetadata,
                frozen_reason = @FrozenReason, updated_at = @UpdatedAt
            where id = @Id
            """,
            system
        );

    /// <summary>The number of rows: 0 when there is no such host. Its inventory, keys and memberships go with it.</summary>
    public Task<int> DeleteAsync(Session session, Guid id) =>
        session.ExecuteAsync("delete from systems where id = @id", new { id });

    /// <summary>Rows of its inventory came, from itself or for it; 0 when there is no such host. Other writers of it wait until the transaction ends.</summary>
    public Task<int> SetReportedAsync(Session session, Guid id, bool isHeard, DateTimeOffset now) =>
        session.ExecuteAsync(
            """
            update systems set last_report = @now, last_seen = case when @isHeard then @now else last_seen end
            where id = @id
            """,
            new
            {
                id,
                isHeard,
                now,
            }
        );

    public Task<int> SetSeenAsync(Session session, Guid id, DateTimeOffset now) =>
        session.ExecuteAsync("update systems set last_seen = @now where id = @id", new { id, now });
}

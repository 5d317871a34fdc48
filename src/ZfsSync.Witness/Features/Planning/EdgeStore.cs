using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>The rows of edges, as planning reads and writes them.</summary>
internal sealed class EdgeStore
{
    private static readonly string Columns = string.Join(", ", EdgeColumns.Names);
    private static readonly string Values = string.Join(", ", EdgeColumns.Names.Select(n => "@" + Property(n)));
    private static readonly string Assignments = string.Join(
        ", ",
        EdgeColumns.Names.Where(n => n is not ("id" or "version")).Select(n => $"{n} = @{Property(n)}")
    );

    public async Task<EdgeRow?> FindAsync(Session session, string id) =>
        (await session.FindAsync<EdgeColumns>($"select {Columns} from edges where id = @id", new { id }))?.ToRow();

    /// <summary>The edges of these logical datasets of a group.</summary>
    public async Task<IReadOnlyList<EdgeRow>> OfUnitsAsync(
        Session session,
        Guid groupId,
        IReadOnlyCollection<string> logicalDatasets
    ) =>
        logicalDatasets.Count == 0
            ? []
            : Rows(
                await session.QueryAsync<EdgeColumns>(
                    $"select {Columns} from edges where group_id = @groupId and logical_dataset in @logicalDatasets",
                    new { groupId, logicalDatasets }
                )
            );

    /// <summary>The logical datasets of a group that have edges.</summary>
    public Task<IReadOnlyList<string>> LogicalDatasetsAsync(Session session, Guid groupId) =>
        session.QueryAsync<string>(
            "select distinct logical_dataset from edges where group_id = @groupId",
            new { groupId }
        );

    /// <summary>What a host's edges are about.</summary>
    public Task<IReadOnlyList<UnitName>> OfSystemAsync(Session session, Guid systemId) =>
        session.QueryAsync<UnitName>(
            """
            select distinct group_id, logical_dataset from edges
            where source_system_id = @systemId or target_system_id = @systemId
            """,
            new { systemId }
        );

    /// <summary>What may be decided otherwise by now, because time passed.</summary>
    public Task<IReadOnlyList<UnitName>> DueAsync(Session session, DateTimeOffset now, int limit) =>
        session.QueryAsync<UnitName>(
            "select group_id, logical_dataset, target_system_id from edges where due_at <= @now order by due_at limit @limit",
            new { now, limit }
        );

    /// <summary>The children that wait for this logical dataset.</summary>
    public Task<IReadOnlyList<string>> WaitingForAsync(
        Session session,
        Guid groupId,
        IReadOnlyCollection<string> parents
    ) =>
        session.QueryAsync<string>(
            """
            select distinct logical_dataset from edges
            where group_id = @groupId and parent_dataset in @parents and reason = 'waits_for_parent'
            """,
            new { groupId, parents }
        );

    /// <summary>Stores a decision if nobody stored a newer one meanwhile; a row of version 0 must not be there yet.</summary>
    public async Task<bool> SaveAsync(Session session, EdgeRow row)
    {
        var changed =
            row.Version == 0
                ? await session.ExecuteAsync(
                    $"insert into edges ({Columns}) values ({Values}) on conflict (id) do nothing",
                    EdgeColumns.Of(row with { Version = 1 })
                )
                : await session.ExecuteAsync(
                    $"update edges set {Assignments}, version = version + 1 where id = @Id and version = @Version",
                    EdgeColumns.Of(row)
                );
        return changed == 1;
    }

    public Task DeleteAsync(Session session, IReadOnlyCollection<string> ids) =>
        ids.Count == 0 ? Task.CompletedTask : session.ExecuteAsync("delete from edges where id in @ids", new { ids });

    private static IReadOnlyList<EdgeRow> Rows(IReadOnlyList<EdgeColumns> columns) =>
        [.. columns.Select(c => c.ToRow())];

    private static string Property(string column) =>
        string.Concat(column.Split('_').Select(part => char.ToUpperInvariant(part[0]) + part[1..]));
}

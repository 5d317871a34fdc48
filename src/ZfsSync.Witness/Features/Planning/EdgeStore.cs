using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>The rows of edges, as planning reads and writes them.</summary>
internal sealed class EdgeStore
{
    private static readonly string Columns = string.Join(", ", EdgeColumns.Names);
    private static readonly string InsertSql =
        $"insert into edges ({Columns}) values ({Numbered(EdgeColumns.Names.Count)}) on conflict (id) do nothing";
    private static readonly string UpdateSql =
        $"update edges set {string.Join(", ", EdgeColumns.Decided.Select((n, i) => $"{n} = ${i + 1}"))}, version = version + 1 "
        + $"where id = ${EdgeColumns.Decided.Count + 1} and version = ${EdgeColumns.Decided.Count + 2}";

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

    /// <summary>
    /// The children that wait for these logical datasets, each as often as it has edges that do: asked for once each, SQLite
    /// reads all edges of the group, in their order.
    /// </summary>
    public Task<IReadOnlyList<string>> WaitingForAsync(
        Session session,
        Guid groupId,
        IReadOnlyCollection<string> parents
    ) =>
        session.QueryAsync<string>(
            """
            select logical_dataset from edges
            where group_id = @groupId and parent_dataset in @parents and reason = 'waits_for_parent'
            """,
            new { groupId, parents }
        );

    /// <summary>The newest common points of the other edges that start at the same dataset.</summary>
    public Task<IReadOnlyList<SnapshotGuid>> ProvenOfOthersAsync(Session session, string id, InstructionSide source) =>
        session.QueryAsync<SnapshotGuid>(
            """
            select distinct proven_guid from edges
            where source_system_id = @SystemId and source_dataset = @Dataset and id <> @id and proven_guid is not null
            """,
            new
            {
                source.SystemId,
                source.Dataset,
                id,
            }
        );

    /// <summary>
    /// Stores decisions where nobody stored a newer one meanwhile; a row of version 0 must not be there yet. Edges of a
    /// group or host that is gone by now are not stored.
    /// </summary>
    /// <returns>The ids of those that were stored.</returns>
    public async Task<IReadOnlySet<string>> SaveAsync(Session session, IReadOnlyCollection<EdgeRow> rows)
    {
        var updated = rows.Where(row => row.Version > 0).ToList();
        var added = await LivingAsync(session, [.. rows.Where(row => row.Version == 0)]);
        var stored = new HashSet<string>(StringComparer.Ordinal);
        await RunAsync(session, InsertSql, added, stored, WriteNew);
        await RunAsync(session, UpdateSql, updated, stored, WriteChanged);
        return stored;
    }

    private static async Task RunAsync(
        Session session,
        string sql,
        IReadOnlyList<EdgeRow> rows,
        HashSet<string> stored,
        Action<RowWriter, EdgeRow> write
    )
    {
        if (rows.Count == 0)
            return;
        var changes = await session.ExecuteManyAsync(sql, rows, write);
        stored.UnionWith(rows.Where((_, i) => changes[i] == 1).Select(row => row.Id));
    }

    private static void WriteNew(RowWriter writer, EdgeRow row)
    {
        EdgeColumns.WriteIdentity(writer, row);
        EdgeColumns.WriteDecided(writer, row);
        writer.Add(1L);
    }

    private static void WriteChanged(RowWriter writer, EdgeRow row)
    {
        EdgeColumns.WriteDecided(writer, row);
        writer.Add(row.Id);
        writer.Add(row.Version);
    }

    private static async Task<IReadOnlyList<EdgeRow>> LivingAsync(Session session, IReadOnlyList<EdgeRow> rows)
    {
        if (rows.Count == 0)
            return rows;
        var groups = rows.Select(row => row.GroupId).Distinct().Select(ColumnMapping.ToColumn).ToList();
        var systems = rows.SelectMany(row => new[] { row.SourceSystemId, row.TargetSystemId }).Distinct();
        var living = (
            await session.QueryAsync<string>(
                "select id from sync_groups where id in @groups union all select id from systems where id in @systems",
                new { groups, systems = systems.Select(ColumnMapping.ToColumn).ToList() }
            )
        ).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. rows.Where(row => IsLiving(row.GroupId) && IsLiving(row.SourceSystemId) && IsLiving(row.TargetSystemId)),
        ];

        bool IsLiving(Guid id) => living.Contains(ColumnMapping.ToColumn(id));
    }

    /// <summary>
    /// What waits after failures, or because somebody stopped it, waits no longer, and a target in which files were found is looked
    /// at again. How often it failed is kept.
    /// </summary>
    public Task EndWaitsAsync(Session session, Guid groupId) =>
        session.ExecuteAsync(
            """
            update edges set retry_at = null, target_has_files = @no, version = version + 1
            where group_id = @groupId and (retry_at is not null or target_has_files)
            """,
            new { groupId, no = false }
        );

    public Task DeleteAsync(Session session, IReadOnlyCollection<string> ids) =>
        ids.Count == 0 ? Task.CompletedTask : session.ExecuteAsync("delete from edges where id in @ids", new { ids });

    private static IReadOnlyList<EdgeRow> Rows(IReadOnlyList<EdgeColumns> columns) =>
        [.. columns.Select(c => c.ToRow())];

    private static string Numbered(int count) => string.Join(", ", Enumerable.Range(1, count).Select(n => $"${n}"));
}

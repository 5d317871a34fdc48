using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>Writes the rows of snapshots and bookmarks, and the tombstones of what vanished.</summary>
internal sealed class SnapshotStore
{
    /// <summary>To be followed by a condition on <c>s</c> and <see cref="BuryAgainSql"/>.</summary>
    public const string BurySql = """
        insert into vanished_snapshots (system_id, dataset, guid, guid_known, name, createtxg, created_at, vanished_at)
        select d.system_id, d.name, s.guid, s.guid_known, s.name, s.createtxg, s.created_at, cast(@now as bigint)
        from snapshots s join datasets d on d.id = s.dataset_id
        """;

    public const string BuryAgainSql = """
        on conflict (system_id, dataset, guid) do update set name = excluded.name, vanished_at = excluded.vanished_at
        """;

    private const int PerStatement = 1000;
    private static readonly string[] Columns = SnapshotRow.Columns.Split(", ");
    private static readonly string[] BookmarkColumns = ["dataset_id", "name", "guid", "createtxg"];

    /// <summary>Inserts rows that are new.</summary>
    public Task InsertAsync(Session session, IEnumerable<SnapshotRow> rows) =>
        session.InsertManyAsync("snapshots", Columns, rows, Write);

    public Task UpdateAsync(Session session, IReadOnlyCollection<SnapshotRow> rows) =>
        rows.Count == 0
            ? Task.CompletedTask
            : session.ExecuteAsync(
                """
                update snapshots set guid_known = @GuidKnown, name = @Name, createtxg = @Createtxg,
                    created_at = @CreatedAt, size = @Size, used = @Used, referenced = @Referenced, written = @Written, holds = @Holds,
                    extra_metadata = @ExtraMetadata, changed_at = @ChangedAt
                where dataset_id = @DatasetId and guid = @Guid
                """,
                rows
            );

    /// <summary>Removes rows, leaving a tombstone of each.</summary>
    public async Task BuryAsync(
        Session session,
        long datasetId,
        IEnumerable<SnapshotGuid> identities,
        DateTimeOffset now
    )
    {
        foreach (var guids in identities.Select(ColumnMapping.ToColumn).Chunk(PerStatement))
        {
            await session.ExecuteAsync(
                $"{BurySql} where s.dataset_id = @datasetId and s.guid in @guids {BuryAgainSql}",
                new
                {
                    datasetId,
                    guids,
                    now,
                }
            );
            await DeleteAsync(session, datasetId, guids);
        }
    }

    /// <summary>Removes rows without a trace: they go on under another identity, or somebody asked for it.</summary>
    public async Task<int> DeleteAsync(Session session, long datasetId, IEnumerable<SnapshotGuid> identities)
    {
        var count = 0;
        foreach (var guids in identities.Select(ColumnMapping.ToColumn).Chunk(PerStatement))
            count += await DeleteAsync(session, datasetId, guids);
        return count;
    }

    /// <summary>All snapshots of a host, datasets and all, without a trace.</summary>
    public Task<int> DeleteOfSystemAsync(Session session, Guid systemId) =>
        session.ExecuteAsync(
            "delete from snapshots where dataset_id in (select id from datasets where system_id = @systemId)",
            new { systemId }
        );

    /// <summary>The datasets of a host that have tombstones.</summary>
    public async Task<IReadOnlySet<string>> GravesAsync(Session session, Guid systemId) =>
        (
            await session.QueryAsync<string>(
                "select distinct dataset from vanished_snapshots where system_id = @systemId",
                new { systemId }
            )
        ).ToHashSet(StringComparer.Ordinal);

    /// <summary>Takes away the tombstones of snapshots that are there again.</summary>
    public async Task UnburyAsync(Session session, Guid systemId, string dataset, IEnumerable<SnapshotGuid> identities)
    {
        foreach (var guids in identities.Select(ColumnMapping.ToColumn).Chunk(PerStatement))
            await session.ExecuteAsync(
                "delete from vanished_snapshots where system_id = @systemId and dataset = @dataset and guid in @guids",
                new
                {
                    systemId,
                    dataset,
                    guids,
                }
            );
    }

    public async Task ReplaceBookmarksAsync(
        Session session,
        IReadOnlyCollection<long> datasetIds,
        IEnumerable<BookmarkRow> rows
    )
    {
        foreach (var ids in datasetIds.Chunk(PerStatement))
            await session.ExecuteAsync("delete from bookmarks where dataset_id in @ids", new { ids });
        await session.InsertManyAsync(
            "bookmarks",
            BookmarkColumns,
            rows,
            (writer, row) =>
            {
                writer.Add(row.DatasetId);
                writer.Add(row.Name);
                writer.Add(ColumnMapping.ToColumn(row.Guid));
                writer.Add(ColumnMapping.ToColumn(row.Createtxg));
            }
        );
    }

    private static Task<int> DeleteAsync(Session session, long datasetId, long[] guids) =>
        session.ExecuteAsync(
            "delete from snapshots where dataset_id = @datasetId and guid in @guids",
            new { datasetId, guids }
        );

    private static void Write(RowWriter writer, SnapshotRow row)
    {
        writer.Add(row.DatasetId);
        writer.Add(ColumnMapping.ToColumn(row.Guid));
        writer.Add(row.GuidKnown);
        writer.Add(row.Name);
        writer.Add(ColumnMapping.ToColumn(row.Createtxg));
        writer.Add(row.CreatedAt is { } created ? ColumnMapping.ToMicroseconds(created) : null);
        writer.Add(ColumnMapping.ToColumn(row.Size));
        writer.Add(ColumnMapping.ToColumn(row.Used));
        writer.Add(ColumnMapping.ToColumn(row.Referenced));
        writer.Add(ColumnMapping.ToColumn(row.Written));
        writer.Add(row.Holds);
        writer.Add(row.ExtraMetadata);
        writer.Add(ColumnMapping.ToMicroseconds(row.FirstSeen));
        writer.Add(ColumnMapping.ToMicroseconds(row.ChangedAt));
    }
}

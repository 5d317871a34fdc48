using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>The rows of datasets.</summary>
internal sealed class DatasetStore
{
    private const int PerStatement = 1000;
    private static readonly string[] Inserted =
    [
        "system_id",
        "name",
        "digest",
        "kind",
        "dataset_guid",
        "encryption_root",
        "key_loaded",
        "origin",
        "resume_token",
        "written",
        "used",
        "referenced",
        "available",
        "placeholder",
        "receiving",
        "reported_at",
    ];

    public Task<IReadOnlyList<DatasetRow>> OfSystemAsync(Session session, Guid systemId) =>
        session.QueryAsync<DatasetRow>(
            $"select {DatasetRow.Columns} from datasets where system_id = @systemId order by name",
            new { systemId }
        );

    public async Task<IReadOnlyList<DatasetRow>> FindAsync(
        Session session,
        Guid systemId,
        IReadOnlyCollection<string> names
    )
    {
        var found = new List<DatasetRow>(names.Count);
        foreach (var chunk in names.Chunk(PerStatement))
            found.AddRange(
                await session.QueryAsync<DatasetRow>(
                    $"select {DatasetRow.Columns} from datasets where system_id = @systemId and name in @chunk",
                    new { systemId, chunk }
                )
            );
        return found;
    }

    /// <summary>Adds datasets that are not there yet; their ids are found afterwards.</summary>
    public Task InsertAsync(Session session, IReadOnlyCollection<DatasetRow> rows) =>
        rows.Count == 0
            ? Task.CompletedTask
            : session.BulkInsertAsync(
                "datasets",
                Inserted,
                rows.Select(row =>
                    new object?[]
                    {
                        ColumnMapping.ToColumn(row.SystemId),
                        row.Name,
                        row.Digest,
                        row.Kind,
                        ColumnMapping.ToColumn(row.DatasetGuid),
                        row.EncryptionRoot,
                        row.KeyLoaded,
                        row.Origin,
                        row.ResumeToken,
                        ColumnMapping.ToColumn(row.Written),
                        ColumnMapping.ToColumn(row.Used),
                        ColumnMapping.ToColumn(row.Referenced),
                        ColumnMapping.ToColumn(row.Available),
                        row.Placeholder,
                        row.Receiving,
                        ColumnMapping.ToMicroseconds(row.ReportedAt),
                    }
                )
            );

    public Task UpdateAsync(Session session, IReadOnlyCollection<DatasetRow> rows) =>
        rows.Count == 0
            ? Task.CompletedTask
            : session.ExecuteAsync(
                """
                update datasets set digest = @Digest, kind = @Kind, dataset_guid = @DatasetGuid,
                    encryption_root = @EncryptionRoot, key_loaded = @KeyLoaded, origin = @Origin,
                    resume_token = @ResumeToken, written = @Written, used = @Used, referenced = @Referenced,
                    available = @Available, placeholder = @Placeholder, receiving = @Receiving, reported_at = @ReportedAt
                where id = @Id
                """,
                rows
            );

    /// <summary>The list of a dataset was changed past its agent: the next report must send it whole.</summary>
    public async Task ForgetDigestsAsync(Session session, Guid systemId, IEnumerable<long> datasetIds)
    {
        foreach (var ids in datasetIds.Chunk(PerStatement))
            await session.ExecuteAsync("update datasets set digest = null where id in @ids", new { ids });
        await session.ExecuteAsync("update systems set report_digest = null where id = @systemId", new { systemId });
    }

    /// <summary>Removes datasets; their snapshots become tombstones first.</summary>
    public async Task DeleteAsync(Session session, IEnumerable<long> datasetIds, DateTimeOffset now)
    {
        foreach (var ids in datasetIds.Chunk(PerStatement))
        {
            await session.ExecuteAsync(
                $"{SnapshotStore.BurySql} where s.dataset_id in @ids {SnapshotStore.BuryAgainSql}",
                new { ids, now }
            );
            await session.ExecuteAsync("delete from datasets where id in @ids", new { ids });
        }
    }

    /// <summary>How many snapshots these datasets have.</summary>
    public async Task<long> CountSnapshotsAsync(Session session, IEnumerable<long> datasetIds)
    {
        var count = 0L;
        foreach (var ids in datasetIds.Chunk(PerStatement))
            count += await session.ScalarAsync<long>(
                "select count(*) from snapshots where dataset_id in @ids",
                new { ids }
            );
        return count;
    }

    /// <summary>A row with only a name, for a host that reports snapshots one by one.</summary>
    public static DatasetRow Bare(Guid systemId, DatasetName name, DateTimeOffset now) =>
        new()
        {
            SystemId = systemId,
            Name = name.Value,
            ReportedAt = now,
        };
}

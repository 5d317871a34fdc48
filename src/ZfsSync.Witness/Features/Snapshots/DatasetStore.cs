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
        rows.Count == 0 ? Task.CompletedTask : session.InsertManyAsync("datasets", Inserted, rows, Write);

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

    private static void Write(RowWriter writer, DatasetRow row)
    {
        writer.Add(ColumnMapping.ToColumn(row.SystemId));
        writer.Add(row.Name);
        writer.Add(row.Digest);
        writer.Add(row.Kind);
        writer.Add(ColumnMapping.ToColumn(row.DatasetGuid));
        writer.Add(row.EncryptionRoot);
        writer.Add(row.KeyLoaded);
        writer.Add(row.Origin);
        writer.Add(row.ResumeToken);
        writer.Add(ColumnMapping.ToColumn(row.Written));
        writer.Add(ColumnMapping.ToColumn(row.Used));
        writer.Add(ColumnMapping.ToColumn(row.Referenced));
        writer.Add(ColumnMapping.ToColumn(row.Available));
        writer.Add(row.Placeholder);
        writer.Add(row.Receiving);
        writer.Add(ColumnMapping.ToMicroseconds(row.ReportedAt));
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

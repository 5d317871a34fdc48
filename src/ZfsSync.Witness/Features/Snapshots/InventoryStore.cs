using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>Datasets with their snapshots and bookmarks, for reading whole.</summary>
internal sealed class InventoryStore
{
    // Dapper makes one parameter of each name; both databases take more than this.
    private const int PerStatement = 1000;

    /// <summary>The names of all datasets of these hosts, per host.</summary>
    public async Task<ILookup<Guid, DatasetName>> NamesAsync(Session session, IReadOnlyCollection<Guid> systemIds)
    {
        var rows = await session.QueryAsync<NameRow>(
            "select system_id, name from datasets where system_id in @ids order by system_id, name",
            new { ids = systemIds.Select(ColumnMapping.ToColumn).ToList() }
        );
        return rows.ToLookup(row => row.SystemId, row => DatasetName.Parse(row.Name));
    }

    /// <summary>The named datasets of a host, with all their snapshots and bookmarks; those that do not exist are left out.</summary>
    public async Task<IReadOnlyDictionary<DatasetName, StoredDataset>> LoadAsync(
        Session session,
        Guid systemId,
        IReadOnlyCollection<DatasetName> names
    )
    {
        var loaded = new Dictionary<DatasetName, StoredDataset>(names.Count);
        foreach (var chunk in names.Chunk(PerStatement))
        {
            var datasets = await session.QueryAsync<DatasetRow>(
                $"select {DatasetRow.Columns} from datasets where system_id = @systemId and name in @names",
                new { systemId, names = chunk.Select(name => name.Value).ToList() }
            );
            if (datasets.Count == 0)
                continue;
            var ids = datasets.Select(dataset => dataset.Id).ToList();
            var snapshots = (await SnapshotsAsync(session, ids)).ToLookup(row => row.DatasetId);
            var bookmarks = (await BookmarksAsync(session, ids)).ToLookup(row => row.DatasetId);
            foreach (var dataset in datasets)
            {
                var stored = dataset.ToStored(snapshots[dataset.Id], bookmarks[dataset.Id]);
                loaded[stored.Inventory.Name] = stored;
            }
        }
        return loaded;
    }

    /// <summary>One dataset, or null.</summary>
    public async Task<StoredDataset?> FindAsync(Session session, Guid systemId, DatasetName name) =>
        (await LoadAsync(session, systemId, [name])).GetValueOrDefault(name);

    public Task<IReadOnlyList<SnapshotRow>> SnapshotsAsync(Session session, IReadOnlyCollection<long> datasetIds) =>
        InChunksAsync<SnapshotRow>(
            session,
            $"select {SnapshotRow.Columns} from snapshots where dataset_id in @ids order by dataset_id, createtxg, created_at",
            datasetIds
        );

    public Task<IReadOnlyList<BookmarkRow>> BookmarksAsync(Session session, IReadOnlyCollection<long> datasetIds) =>
        InChunksAsync<BookmarkRow>(
            session,
            "select dataset_id, name, guid, createtxg from bookmarks where dataset_id in @ids order by dataset_id, createtxg",
            datasetIds
        );

    private static async Task<IReadOnlyList<T>> InChunksAsync<T>(
        Session session,
        string sql,
        IReadOnlyCollection<long> datasetIds
    )
    {
        var rows = new List<T>();
        foreach (var ids in datasetIds.Chunk(PerStatement))
            rows.AddRange(await session.QueryAsync<T>(sql, new { ids }));
        return rows;
    }

    private sealed record NameRow
    {
        public Guid SystemId { get; init; }

        public string Name { get; init; } = "";
    }
}

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
    ) =>
        (await LoadAsync(session, [systemId], names, _ => true)).ToDictionary(
            stored => stored.Inventory.Name,
            stored => stored
        );

    /// <summary>The datasets of these names on several hosts, as far as they exist; with their lists where that is wanted.</summary>
    public async Task<IReadOnlyList<StoredDataset>> LoadAsync(
        Session session,
        IReadOnlyCollection<Guid> systemIds,
        IReadOnlyCollection<DatasetName> names,
        Predicate<(Guid SystemId, string Name)> withLists
    )
    {
        var loaded = new List<StoredDataset>();
        var systems = systemIds.Select(ColumnMapping.ToColumn).ToList();
        foreach (var chunk in names.Chunk(PerStatement))
        {
            var datasets = await session.QueryAsync<DatasetRow>(
                $"select {DatasetRow.Columns} from datasets where system_id in @systems and name in @names",
                new { systems, names = chunk.Select(name => name.Value).ToList() }
            );
            var lists = new InventoryListsStore();
            foreach (var ids in datasets.Where(d => withLists((d.SystemId, d.Name))).Chunk(PerStatement))
                await lists.ReadAsync(session, [.. ids.Select(dataset => dataset.Id)]);
            loaded.AddRange(datasets.Select(d => d.ToStored(lists.Snapshots(d.Id), lists.Bookmarks(d.Id))));
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

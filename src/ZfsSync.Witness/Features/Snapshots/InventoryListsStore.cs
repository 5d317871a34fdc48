using System.Data.Common;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>The snapshots and bookmarks of many datasets, read without a row record for each: planning reads millions.</summary>
internal sealed class InventoryListsStore
{
    private const string SnapshotsSql = """
        select dataset_id, guid, guid_known, name, createtxg, created_at, used, referenced, holds
        from snapshots where dataset_id in @ids order by dataset_id, createtxg, created_at
        """;

    private const string BookmarksSql = """
        select dataset_id, guid, name, createtxg from bookmarks where dataset_id in @ids order by dataset_id, createtxg
        """;

    private readonly Dictionary<long, List<Snapshot>> snapshots = [];
    private readonly Dictionary<long, List<Bookmark>> bookmarks = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Snapshot> Snapshots(long datasetId) => snapshots.GetValueOrDefault(datasetId) ?? [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Bookmark> Bookmarks(long datasetId) => bookmarks.GetValueOrDefault(datasetId) ?? [];

    public async Task ReadAsync(Session session, IReadOnlyList<long> ids)
    {
        await session.ReadAsync(SnapshotsSql, new { ids }, row => Add(snapshots, row.GetInt64(0), SnapshotOf(row)));
        await session.ReadAsync(BookmarksSql, new { ids }, row => Add(bookmarks, row.GetInt64(0), BookmarkOf(row)));
    }

    private static Snapshot SnapshotOf(DbDataReader row) =>
        new(
            row.GetBoolean(2) ? new SnapshotGuid(Unsigned(row, 1)) : SnapshotGuid.Unknown,
            row.GetString(3),
            row.IsDBNull(4) ? 0 : Unsigned(row, 4)
        )
        {
            CreatedAt = row.IsDBNull(5) ? null : ColumnMapping.FromMicroseconds(row.GetInt64(5)),
            UsedBytes = row.IsDBNull(6) ? null : Unsigned(row, 6),
            ReferencedBytes = row.IsDBNull(7) ? null : Unsigned(row, 7),
            Holds = row.IsDBNull(8) ? null : (uint)row.GetInt64(8),
        };

    private static Bookmark BookmarkOf(DbDataReader row) =>
        new(new SnapshotGuid(Unsigned(row, 1)), row.GetString(2), Unsigned(row, 3));

    private static ulong Unsigned(DbDataReader row, int column) => unchecked((ulong)row.GetInt64(column));

    private static void Add<T>(Dictionary<long, List<T>> lists, long datasetId, T item)
    {
        if (!lists.TryGetValue(datasetId, out var list))
            lists[datasetId] = list = [];
        list.Add(item);
    }
}

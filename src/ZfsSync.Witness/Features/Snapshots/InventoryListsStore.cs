using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>The snapshots and bookmarks of many datasets, read without a row record for each: planning reads millions.</summary>
internal sealed class InventoryListsStore
{
    private const string SnapshotsSql = """
        select dataset_id, guid, guid_known, name, createtxg, created_at, used, referenced, written, holds
        from snapshots where dataset_id in @ids
        """;

    private const string BookmarksSql = """
        select dataset_id, guid, name, createtxg from bookmarks where dataset_id in @ids
        """;

    private readonly Dictionary<long, List<Snapshot>> snapshots = [];
    private readonly Dictionary<long, List<Bookmark>> bookmarks = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Snapshot> Snapshots(long datasetId) => snapshots.GetValueOrDefault(datasetId) ?? [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Bookmark> Bookmarks(long datasetId) => bookmarks.GetValueOrDefault(datasetId) ?? [];

    public async Task ReadAsync(Session session, IReadOnlyList<long> ids)
    {
        await session.ReadAsync(SnapshotsSql, new { ids }, row => Add(snapshots, row.Number(0), SnapshotOf(row)));
        await session.ReadAsync(BookmarksSql, new { ids }, row => Add(bookmarks, row.Number(0), BookmarkOf(row)));
        // A sort of so many rows in the database costs more than many small ones here.
        foreach (var id in ids)
        {
            snapshots.GetValueOrDefault(id)?.Sort(ByAge);
            bookmarks.GetValueOrDefault(id)?.Sort(ByAge);
        }
    }

    private static Snapshot SnapshotOf(RowReader row) =>
        new(
            row.Flag(2) ? new SnapshotGuid(Unsigned(row, 1)) : SnapshotGuid.Unknown,
            row.Text(3),
            row.IsNull(4) ? 0 : Unsigned(row, 4)
        )
        {
            CreatedAt = row.NumberOrNull(5) is { } created ? ColumnMapping.FromMicroseconds(created) : null,
            UsedBytes = row.IsNull(6) ? null : Unsigned(row, 6),
            ReferencedBytes = row.IsNull(7) ? null : Unsigned(row, 7),
            WrittenBytes = row.IsNull(8) ? null : Unsigned(row, 8),
            Holds = (uint?)row.NumberOrNull(9),
        };

    private static Bookmark BookmarkOf(RowReader row) =>
        new(new SnapshotGuid(Unsigned(row, 1)), row.Text(2), Unsigned(row, 3));

    private static int ByAge(Snapshot a, Snapshot b)
    {
        var byTxg = a.CreateTxg.CompareTo(b.CreateTxg);
        if (byTxg != 0)
            return byTxg;
        var byTime = Nullable.Compare(a.CreatedAt, b.CreatedAt);
        return byTime != 0 ? byTime : string.CompareOrdinal(a.Label, b.Label);
    }

    private static int ByAge(Bookmark a, Bookmark b)
    {
        var byTxg = a.CreateTxg.CompareTo(b.CreateTxg);
        return byTxg != 0 ? byTxg : string.CompareOrdinal(a.Label, b.Label);
    }

    private static ulong Unsigned(RowReader row, int column) => unchecked((ulong)row.Number(column));

    private static void Add<T>(Dictionary<long, List<T>> lists, long datasetId, T item)
    {
        if (!lists.TryGetValue(datasetId, out var list))
            lists[datasetId] = list = [];
        list.Add(item);
    }
}

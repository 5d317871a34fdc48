using System.Globalization;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Tests;

/// <summary>
/// Histories as text: <c>@a,1 #b,2 @c,3,30</c> is snapshot a with guid 1, bookmark b with guid 2, snapshot c with guid 3
/// and createtxg 30. Without a third part the createtxg is the guid. A snapshot was created createtxg hours after
/// <see cref="Epoch"/>.
/// </summary>
internal static class SnapshotText
{
    public static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static DatasetInventory Dataset(string name, string text)
    {
        var entries = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new DatasetInventory
        {
            Name = DatasetName.Parse(name),
            Snapshots = [.. entries.Where(e => e[0] == '@').Select(Snapshot)],
            Bookmarks = [.. entries.Where(e => e[0] == '#').Select(Bookmark)],
        };
    }

    public static Snapshot Snapshot(string entry)
    {
        var (label, guid, txg) = Parts(entry);
        return new Snapshot(guid, label, txg) { CreatedAt = Epoch.AddHours(txg) };
    }

    private static Bookmark Bookmark(string entry)
    {
        var (label, guid, txg) = Parts(entry);
        return new Bookmark(guid, label, txg);
    }

    private static (string Label, SnapshotGuid Guid, ulong Txg) Parts(string entry)
    {
        var parts = entry[1..].Split(',');
        var guid = ulong.Parse(parts[1], CultureInfo.InvariantCulture);
        var txg = parts.Length > 2 ? ulong.Parse(parts[2], CultureInfo.InvariantCulture) : guid;
        return (parts[0], new SnapshotGuid(guid), txg);
    }
}

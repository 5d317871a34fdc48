using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>Reads listings of bookmarks, line by line: <see cref="ZfsCommands.IdentityColumns"/>.</summary>
public sealed class BookmarkParser
{
    private readonly Dictionary<DatasetName, List<Bookmark>> _byDataset = [];
    private readonly List<string> _unreadable = [];

    /// <summary>Takes one line.</summary>
    /// <exception cref="FormatException">The line is not what <c>zfs list -Hp</c> prints.</exception>
    public void Add(string line)
    {
        if (line.Length == 0)
            return;
        var cells = Rows.SplitLine(line, 3);
        if (!SnapshotName.TryParse(cells[0], out var name) || !name.IsBookmark)
        {
            _unreadable.Add(cells[0]);
            return;
        }
        if (!_byDataset.TryGetValue(name.Dataset, out var list))
            _byDataset.Add(name.Dataset, list = []);
        list.Add(
            new Bookmark(
                new SnapshotGuid(Rows.Number(cells[1], "guid")),
                name.Label,
                Rows.Number(cells[2], "createtxg")
            )
        );
    }

    /// <summary>What was taken so far.</summary>
    public BookmarkListing ToListing(IEnumerable<string> missing)
    {
        foreach (var list in _byDataset.Values)
            list.Sort((a, b) => a.CreateTxg.CompareTo(b.CreateTxg));
        return new BookmarkListing(
            _byDataset.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<Bookmark>)pair.Value),
            MissingParser.Names(missing),
            _unreadable
        );
    }
}

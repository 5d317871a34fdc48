using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>Reads listings of snapshots, line by line: <see cref="ZfsCommands.IdentityColumns"/> or <see cref="ZfsCommands.FullColumns"/>.</summary>
public sealed class SnapshotParser
{
    private readonly Dictionary<DatasetName, List<Snapshot>> _byDataset = [];
    private readonly List<string> _unreadable = [];

    /// <summary>The dataset of the line before: listings come dataset by dataset, and parsing its name once is enough.</summary>
    private (string Text, DatasetName Name, List<Snapshot> Snapshots)? _last;

    /// <summary>Takes one line.</summary>
    /// <exception cref="FormatException">The line is not what <c>zfs list -Hp</c> prints.</exception>
    public void Add(string line)
    {
        if (line.Length == 0)
            return;
        var cells = line.Split('\t');
        if (cells.Length is not (3 or 8))
            throw new FormatException($"The line '{line}' has {cells.Length} columns instead of 3 or 8.");
        var sign = cells[0].IndexOf('@', StringComparison.Ordinal);
        if (
            sign < 0
            || NameRules.LabelFault(cells[0][(sign + 1)..]) is not null
            || ListOf(cells[0][..sign]) is not { } list
        )
        {
            _unreadable.Add(cells[0]);
            return;
        }
        list.Add(Read(cells, cells[0][(sign + 1)..]));
    }

    /// <summary>What was taken so far.</summary>
    public SnapshotListing ToListing(IEnumerable<string> missing)
    {
        foreach (var list in _byDataset.Values)
            list.Sort((a, b) => a.CreateTxg.CompareTo(b.CreateTxg));
        return new SnapshotListing(
            _byDataset.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<Snapshot>)pair.Value),
            MissingParser.Names(missing),
            _unreadable
        );
    }

    private List<Snapshot>? ListOf(string dataset)
    {
        if (_last is { } last && last.Text == dataset)
            return last.Snapshots;
        if (!DatasetName.TryParse(dataset, out var name))
            return null;
        if (!_byDataset.TryGetValue(name, out var list))
            _byDataset.Add(name, list = []);
        _last = (dataset, name, list);
        return list;
    }

    private static Snapshot Read(string[] cells, string label)
    {
        var snapshot = new Snapshot(
            new SnapshotGuid(Rows.Number(cells[1], "guid")),
            label,
            Rows.Number(cells[2], "createtxg")
        );
        return cells.Length == 3
            ? snapshot
            : snapshot with
            {
                CreatedAt = Rows.OptionalInstant(cells[3], "creation"),
                UsedBytes = Rows.OptionalNumber(cells[4], "used"),
                ReferencedBytes = Rows.OptionalNumber(cells[5], "referenced"),
                WrittenBytes = Rows.OptionalNumber(cells[6], "written"),
                Holds = (uint?)Rows.OptionalNumber(cells[7], "userrefs"),
            };
    }
}

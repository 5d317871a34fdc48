using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>Reads <see cref="ZfsCommands.Watch"/>.</summary>
public static class WatchParser
{
    private static readonly int Columns = ZfsCommands.WatchColumns.Split(',').Length;

    /// <summary>The datasets in the order printed, without those whose names our rules do not accept.</summary>
    /// <exception cref="FormatException">A line is not what <c>zfs list -Hp</c> prints.</exception>
    public static IReadOnlyList<DatasetWatch> Parse(string output)
    {
        var watches = new List<DatasetWatch>();
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var cells = line.Split('\t');
            if (cells.Length != Columns && cells.Length != Columns + 1)
                throw new FormatException($"The line '{line}' has {cells.Length} columns instead of {Columns}.");
            if (!DatasetName.TryParse(cells[0], out var name))
                continue;
            watches.Add(
                new DatasetWatch(
                    name,
                    Rows.Number(cells[1], "guid"),
                    Rows.OptionalNumber(cells[2], "written"),
                    Rows.OptionalText(cells[3]),
                    cells.Length > Columns ? Rows.OptionalInstant(cells[4], "snapshots_changed") : null
                )
            );
        }
        return watches;
    }
}

using Spectre.Console;

namespace ZfsSync.Cli.Output;

/// <summary>A table for people: a line per row, columns apart by two spaces, nothing drawn, so that it also greps well.</summary>
internal sealed class Grid(params IReadOnlyList<string> headings)
{
    private readonly List<IReadOnlyList<Cell>> _rows = [];

    /// <summary>Columns of numbers.</summary>
    public IReadOnlyList<int> RightAligned { get; init; } = [];

    public bool IsEmpty => _rows.Count == 0;

    public void Add(params IReadOnlyList<Cell> cells) => _rows.Add(cells);

    public Table ToTable()
    {
        var table = new Table().NoBorder();
        for (var i = 0; i < headings.Count; i++)
        {
            var column = new TableColumn(new Text(headings[i], Palette.Style(Tone.Heading)))
            {
                Padding = new Padding(0, 0, i == headings.Count - 1 ? 0 : 2, 0),
                Alignment = RightAligned.Contains(i) ? Justify.Right : Justify.Left,
            };
            table.AddColumn(column);
        }
        foreach (var row in _rows)
            table.AddRow(row.Select(cell => new Text(SafeText.Neutralise(cell.Text), Palette.Style(cell.Tone))));
        return table;
    }
}

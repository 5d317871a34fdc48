using System.Text;

namespace ZfsSync.Benchmarks.Measuring;

/// <summary>Figures as they are pasted into docs/benchmarks.md: a title and a table in Markdown.</summary>
internal sealed class ResultTable(string title, params string[] columns)
{
    private readonly List<string[]> rows = [];
    private readonly List<string> notes = [];

    public void Add(params string[] cells)
    {
        if (cells.Length != columns.Length)
            throw new ArgumentException($"{title}: {cells.Length} cells for {columns.Length} columns.", nameof(cells));
        rows.Add(cells);
    }

    /// <summary>A sentence below the table.</summary>
    public void Note(string sentence) => notes.Add(sentence);

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append($"### {title}\n\n");
        text.Append($"| {string.Join(" | ", columns)} |\n");
        text.Append($"|{string.Concat(Enumerable.Repeat("---|", columns.Length))}\n");
        foreach (var row in rows)
            text.Append($"| {string.Join(" | ", row)} |\n");
        foreach (var note in notes)
            text.Append($"\n{note}\n");
        return text.ToString();
    }
}

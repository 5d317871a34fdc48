using System.Globalization;

namespace ZfsSync.Tools.Zfs;

/// <summary>Reads the tab-separated lines of <c>-H</c> output. A dash is "no value", as zfs prints it.</summary>
internal static class Rows
{
    public static IEnumerable<string[]> Split(string output, int columns)
    {
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            yield return SplitLine(line, columns);
    }

    /// <summary>One line; only the last column may hold tabs itself.</summary>
    public static string[] SplitLine(string line, int columns)
    {
        var cells = line.Split('\t', columns);
        return cells.Length == columns
            ? cells
            : throw new FormatException($"The line '{line}' has {cells.Length} columns instead of {columns}.");
    }

    public static ulong Number(string cell, string column) =>
        ulong.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormatException($"'{cell}' is not a number for {column}.");

    public static ulong? OptionalNumber(string cell, string column) => cell is "-" or "" ? null : Number(cell, column);

    public static DateTimeOffset? OptionalInstant(string cell, string column) =>
        OptionalNumber(cell, column) switch
        {
            null or 0 => null,
            // Beyond the year 9999: a broken clock made it, and it is no reason to refuse the rest.
            > 253_402_300_799 => DateTimeOffset.MaxValue,
            var seconds => DateTimeOffset.FromUnixTimeSeconds((long)seconds.Value),
        };

    public static string? OptionalText(string cell) => cell is "-" or "" ? null : cell;
}

namespace ZfsSync.Tools.Zfs;

/// <summary>Reads <c>zfs get -Hp -o name,property,value,source</c>.</summary>
public static class PropertyParser
{
    /// <summary>The values in the order printed. The value of a user property may hold tabs and line breaks.</summary>
    /// <exception cref="FormatException">A line is not what <c>zfs get -Hp</c> prints.</exception>
    public static IReadOnlyList<PropertyValue> Parse(string output)
    {
        var values = new List<PropertyValue>();
        foreach (var line in Lines(output))
        {
            var first = line.IndexOf('\t', StringComparison.Ordinal);
            var second = first < 0 ? -1 : line.IndexOf('\t', first + 1);
            var last = line.LastIndexOf('\t');
            if (second < 0 || last <= second)
                throw new FormatException($"The line '{line}' is not a property.");
            values.Add(
                new PropertyValue(
                    line[..first],
                    line[(first + 1)..second],
                    line[(second + 1)..last],
                    line[(last + 1)..]
                )
            );
        }
        return values;
    }

    /// <summary>Puts lines together that a line break in a value took apart: a whole one has at least three tabs and a source.</summary>
    private static IEnumerable<string> Lines(string output)
    {
        string? open = null;
        foreach (var line in output.Split('\n'))
        {
            open = open is null ? line : $"{open}\n{line}";
            if (open.Length == 0)
                open = null;
            if (open is null || open.Count(c => c == '\t') < 3 || !EndsWithSource(open))
                continue;
            yield return open;
            open = null;
        }
        if (!string.IsNullOrEmpty(open))
            yield return open;
    }

    private static bool EndsWithSource(string line)
    {
        var source = line[(line.LastIndexOf('\t') + 1)..];
        return source is "local" or "default" or "received" or "temporary" or "none" or "-"
            || source.StartsWith("inherited from ", StringComparison.Ordinal);
    }
}

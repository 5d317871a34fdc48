using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs get</c></summary>
internal static class GetCommand
{
    private static readonly string[] AllFields = ["name", "property", "value", "received", "source"];

    public static void Run(ZfsCall call)
    {
        var options = ZfsOptions.Parse("get", "nHprd:o:s:S:t:i", call.Arguments);
        if (options.Operands.Count == 0)
            throw ZfsFailure.Usage("missing property argument", "get");
        var types = options.Value('t') is { } text
            ? NodeSelection.ParseTypes("get", text)
            : AppliesTo.All | AppliesTo.Bookmark;
        var fields = Fields(options.Value('o'));
        var sources = options.Value('s')?.Split(',');
        var wanted = options.Operands[0];
        var columns = wanted == "all" ? null : Columns(call, wanted);
        var depth = NodeSelection.ParseDepth("get", options);
        if (depth is null && types is AppliesTo.Snapshot or AppliesTo.Bookmark && options.Operands.Count > 1)
            depth = 1;
        var rows = new List<IReadOnlyList<string>>();
        foreach (var node in NodeSelection.Select(call, options.Operands[1..], types, depth))
        {
            foreach (var column in columns ?? AllOf(call.Host, node))
            {
                var reading = column.Read(call.Host, node, options.Has('p'));
                if (sources is null || sources.Contains(Kind(reading.Source)))
                    rows.Add(Row(fields, node, column, reading));
            }
        }
        Print(call, fields, rows, options.Has('H'));
    }

    private static string[] Fields(string? text)
    {
        if (text is null)
            return ["name", "property", "value", "source"];
        if (text == "all")
            return AllFields;
        var fields = text.Split(',');
        if (fields.FirstOrDefault(field => !AllFields.Contains(field)) is { } unknown)
            throw ZfsFailure.Usage($"invalid column name '{unknown}'", "get");
        return fields;
    }

    private static List<PropertyColumn> Columns(ZfsCall call, string text) =>
        [
            .. text.Split(',')
                .Select(name =>
                    PropertyColumn.Find(call.Host.Release, name)
                    ?? throw ZfsFailure.Usage($"bad property list: invalid property '{name}'", "get")
                ),
        ];

    private static IEnumerable<PropertyColumn> AllOf(HostState host, SimNode node)
    {
        var native = NativeProperties
            .Of(host.Release)
            .Where(property => property.Fits(node) && PropertyValues.Native(host, node, property).Value != "-")
            .Select(property => property.Name);
        return native.Concat(UserNames(node)).Select(name => PropertyColumn.Find(host.Release, name)!);
    }

    private static IEnumerable<string> UserNames(SimNode node)
    {
        var own = node is SimSnapshot snapshot ? snapshot.Properties.Names : [];
        return own.Concat(node.Owner.SelfAndAncestors.SelectMany(level => level.Properties.Names))
            .Where(NativeProperties.IsUserProperty)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);
    }

    private static string Kind(string source) =>
        source == "-" ? "none"
        : source.StartsWith("inherited", StringComparison.Ordinal) ? "inherited"
        : source;

    private static IReadOnlyList<string> Row(
        IReadOnlyList<string> fields,
        SimNode node,
        PropertyColumn column,
        PropertyReading reading
    ) =>
        [
            .. fields.Select(field =>
                field switch
                {
                    "name" => node.FullName,
                    "property" => column.Name,
                    "value" => reading.Value,
                    "received" => Received(node, column),
                    _ => reading.Source,
                }
            ),
        ];

    private static string Received(SimNode node, PropertyColumn column) =>
        (node is SimSnapshot snapshot ? snapshot.Properties : node.Owner.Properties).Received.GetValueOrDefault(
            column.Name,
            "-"
        );

    private static void Print(
        ZfsCall call,
        IReadOnlyList<string> fields,
        List<IReadOnlyList<string>> rows,
        bool isScripted
    )
    {
        if (isScripted)
        {
            foreach (var row in rows)
                call.Print(string.Join('\t', row));
            return;
        }
        if (rows.Count == 0)
            return;
        IReadOnlyList<string> headers = [.. fields.Select(field => field.ToUpperInvariant())];
        var widths = headers.Select((header, i) => Math.Max(header.Length, rows.Max(row => row[i].Length))).ToList();
        foreach (var row in rows.Prepend(headers))
            call.Print(
                string.Join("  ", row.Select((cell, i) => i == row.Count - 1 ? cell : cell.PadRight(widths[i])))
            );
    }
}

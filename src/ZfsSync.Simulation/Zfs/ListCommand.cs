using System.Globalization;
using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs list</c></summary>
internal static class ListCommand
{
    public static void Run(ZfsCall call)
    {
        var options = ZfsOptions.Parse("list", "HS:d:o:prs:t:", call.Arguments);
        if (options.Operands is [var name] && name.EndsWith(SimDataset.HiddenSuffix, StringComparison.Ordinal))
        {
            PrintHidden(call, options, name);
            return;
        }
        var types = options.Value('t') is { } text ? NodeSelection.ParseTypes("list", text) : AppliesTo.Dataset;
        var depth = NodeSelection.ParseDepth("list", options);
        var ofOneKind = types is AppliesTo.Snapshot or AppliesTo.Bookmark;
        if (ofOneKind && options.Operands.Count > 0 && depth is null)
            depth = 1;
        // A snapshot's name alone is listed as it is, without -t.
        if (!options.Has('t') && depth is null && options.Operands.Count > 0)
            types |= AppliesTo.Snapshot;
        var columns = Columns(call, options.Value('o') ?? "name,used,available,referenced,mountpoint");
        var sorts = options
            .Given.Where(option => option.Letter is 's' or 'S')
            .Select(option => (Column: Sort(call, option.Value), IsReverse: option.Letter == 'S'))
            .ToList();
        var nodes = NodeSelection.Select(call, options.Operands, types, depth);
        if (sorts.Count > 0)
            nodes = [.. nodes.Order(Comparer<SimNode>.Create((a, b) => Compare(call.Host, sorts, a, b)))];
        var rows = nodes.Select(node => Row(call, columns, node, options.Has('p'))).ToList();
        Print(call, columns, rows, options.Has('H'));
    }

    private static void PrintHidden(ZfsCall call, ZfsOptions options, string name)
    {
        if (options.Value('o') != "name" || !options.Has('H'))
            throw new NotSupportedException("Of a hidden dataset only its name is modelled.");
        if (call.Host.FindDataset(name[..^SimDataset.HiddenSuffix.Length])?.Hidden is null)
            throw new ZfsFailure($"cannot open '{name}': dataset does not exist");
        call.Print(name);
    }

    private static List<PropertyColumn> Columns(ZfsCall call, string text)
    {
        var names =
            text == "space"
                ? "name,available,used,usedbysnapshots,usedbydataset,usedbyrefreservation,usedbychildren"
                : text;
        return
        [
            .. names
                .Split(',')
                .Select(name =>
                    PropertyColumn.Find(call.Host.Release, name)
                    ?? throw ZfsFailure.Usage($"bad property list: invalid property '{name}'", "list")
                ),
        ];
    }

    private static PropertyColumn Sort(ZfsCall call, string name) =>
        PropertyColumn.Find(call.Host.Release, name) ?? throw ZfsFailure.Usage($"invalid property '{name}'", "list");

    private static IReadOnlyList<string> Row(
        ZfsCall call,
        List<PropertyColumn> columns,
        SimNode node,
        bool isParsable
    ) => [.. columns.Select(column => column.Read(call.Host, node, isParsable).Value)];

    private static int Compare(
        HostState host,
        List<(PropertyColumn Column, bool IsReverse)> sorts,
        SimNode a,
        SimNode b
    )
    {
        foreach (var (column, isReverse) in sorts)
        {
            var order = CompareValues(
                column.Read(host, a, true).Value,
                column.Read(host, b, true).Value,
                column.IsNumber || column.Name == "creation"
            );
            if (order != 0)
                return isReverse ? -order : order;
        }
        return NodeSelection.Compare(a, b);
    }

    private static int CompareValues(string a, string b, bool isNumber) =>
        isNumber
        && ulong.TryParse(a, NumberStyles.None, CultureInfo.InvariantCulture, out var left)
        && ulong.TryParse(b, NumberStyles.None, CultureInfo.InvariantCulture, out var right)
            ? left.CompareTo(right)
            : string.CompareOrdinal(a, b);

    private static void Print(
        ZfsCall call,
        List<PropertyColumn> columns,
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
        {
            if (call.ExitCode == 0)
                call.Warn("no datasets available");
            return;
        }
        var headers = columns.ConvertAll(column => column.Header);
        var widths = headers.Select((header, i) => Math.Max(header.Length, rows.Max(row => row[i].Length))).ToList();
        foreach (var row in rows.Prepend(headers))
            call.Print(
                string.Join(
                    "  ",
                    row.Select((cell, i) => Aligned(cell, columns[i].IsNumber, widths[i], i == row.Count - 1))
                )
            );
    }

    private static string Aligned(string cell, bool isRight, int width, bool isLast) =>
        isRight ? cell.PadLeft(width)
        : isLast ? cell
        : cell.PadRight(width);
}

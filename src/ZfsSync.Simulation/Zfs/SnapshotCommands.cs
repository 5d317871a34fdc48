using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs snapshot</c> and <c>zfs bookmark</c></summary>
internal static class SnapshotCommands
{
    private const int ExitOfSegmentationFault = 139;

    public static void Snapshot(ZfsCall call)
    {
        var options = ZfsOptions.Parse("snapshot", "ro:", call.Arguments);
        if (options.Operands.Count == 0)
            throw ZfsFailure.Usage("missing snapshot argument", "snapshot");
        var wanted = new List<(SimDataset Dataset, string Name)>();
        foreach (var operand in options.Operands)
        {
            if (!HostState.TrySplit(operand, '@', out var path, out var name))
                throw ZfsFailure.Usage(null, "snapshot");
            if (call.Host.FindDataset(path) is not { } dataset)
                throw ZfsFailure.Usage(
                    $"cannot open '{path}': {HostState.NameFault(path) ?? "dataset does not exist"}",
                    "snapshot"
                );
            wanted.AddRange((options.Has('r') ? Consistent(dataset) : [dataset]).Select(level => (level, name)));
        }
        wanted = [.. wanted.Distinct()];
        if (wanted.Count == 0 && !call.Host.Release.IsAtLeast(2, 2))
        {
            call.ExitCode = ExitOfSegmentationFault;
            return;
        }
        var refusals = Refusals(call, wanted).ToList();
        refusals.ForEach(call.Complain);
        if (refusals.Count > 0 || wanted.Count == 0)
        {
            call.ExitCode = 1;
            if (options.Operands.Count > 1 || options.Has('r'))
                call.Complain("no snapshots were created");
            return;
        }
        Take(call, wanted, options);
    }

    /// <summary>A dataset that has not all arrived is left out, with all below it.</summary>
    private static IEnumerable<SimDataset> Consistent(SimDataset dataset) =>
        dataset.IsInconsistent ? [] : dataset.Children.Values.SelectMany(Consistent).Prepend(dataset);

    private static void Take(ZfsCall call, List<(SimDataset Dataset, string Name)> wanted, ZfsOptions options)
    {
        var properties = options.Values('o').Select(PropertyAssignment.Parse).ToList();
        foreach (var pool in wanted.GroupBy(each => each.Dataset.Pool))
        {
            var txg = pool.Key.NextTxg();
            foreach (var (dataset, name) in pool)
            {
                var snapshot = call.Host.AddSnapshot(dataset, name, txg);
                foreach (var (property, value) in properties)
                    snapshot.Properties.Set(property, value);
            }
        }
    }

    private static IEnumerable<string> Refusals(ZfsCall call, List<(SimDataset Dataset, string Name)> wanted)
    {
        foreach (var (dataset, name) in wanted)
        {
            var fullName = $"{dataset.FullName}@{name}";
            if (HostState.NameFault(fullName) is { } fault)
            {
                yield return $"cannot create snapshot '{fullName}': {fault}";
                yield break;
            }
        }
        // zfs says the same of snapshots in several pools.
        if (
            wanted.GroupBy(each => each.Dataset).Any(group => group.Count() > 1)
            || wanted.Select(each => each.Dataset.Pool).Distinct().Count() > 1
        )
        {
            yield return "cannot create snapshots : multiple snapshots of same fs not allowed";
            yield break;
        }
        foreach (var (dataset, _) in wanted)
        {
            if (!call.May(dataset, "snapshot"))
            {
                yield return "cannot create snapshots : permission denied";
                yield break;
            }
        }
        foreach (var (dataset, name) in wanted)
        {
            if (dataset.IsInconsistent)
                yield return $"cannot create snapshot '{dataset.FullName}@{name}': dataset is busy";
            else if (dataset.FindSnapshot(name) is not null)
                yield return $"cannot create snapshot '{dataset.FullName}@{name}': dataset already exists";
        }
    }

    public static void Bookmark(ZfsCall call)
    {
        var options = ZfsOptions.Parse("bookmark", "", call.Arguments);
        if (options.Operands.Count == 0)
            throw ZfsFailure.Usage("missing source argument", "bookmark");
        if (options.Operands.Count == 1)
            throw ZfsFailure.Usage("missing bookmark argument", "bookmark");
        var (source, name) = Expand(options.Operands[0], options.Operands[1]);
        if (call.Host.FindNode(source) is not { } node)
            throw ZfsFailure.Usage($"cannot open '{source}': {call.Missing(source)}", "bookmark");
        HostState.TrySplit(name, '#', out var path, out var bookmarkName);
        if (HostState.NameFault(name) is not null)
            throw new ZfsFailure($"cannot create bookmark '{name}': invalid argument");
        if (call.Host.FindDataset(path!) is not { } dataset)
            throw new ZfsFailure($"cannot create bookmark '{name}': dataset does not exist");
        if (!call.May(dataset, "bookmark"))
            throw new ZfsFailure($"cannot create bookmark '{name}': permission denied");
        if (dataset.Pool != node.Owner.Pool)
            throw new ZfsFailure($"cannot create bookmark '{name}': bookmark is in a different pool");
        if (dataset.Bookmarks.ContainsKey(bookmarkName!))
            throw new ZfsFailure($"cannot create bookmark '{name}': bookmark exists");
        if (!SendCommand.IsBefore(node, dataset))
            throw new ZfsFailure(
                $"cannot create bookmark '{name}': source is not an ancestor of the new bookmark's dataset"
            );
        dataset.Pool.NextTxg();
        dataset.Bookmarks.Add(bookmarkName!, Of(node, dataset, bookmarkName!));
    }

    private static SimBookmark Of(SimNode node, SimDataset dataset, string name) =>
        new(dataset, name)
        {
            Guid = node.Guid,
            CreateTxg = node.CreateTxg,
            Creation = node.Creation,
            Files = node is SimSnapshot snapshot ? snapshot.Files : ((SimBookmark)node).Files,
            IvSetGuid = node is SimSnapshot from ? from.IvSetGuid : ((SimBookmark)node).IvSetGuid,
        };

    /// <summary>One of the two may be given without its dataset.</summary>
    private static (string Source, string Name) Expand(string source, string name)
    {
        var at = source.IndexOfAny(['@', '#']);
        var pound = name.IndexOf('#', StringComparison.Ordinal);
        if (at < 0)
            throw ZfsFailure.Usage($"invalid source name '{source}': must contain a '@' or '#'", "bookmark");
        if (pound < 0)
            throw ZfsFailure.Usage($"invalid bookmark name '{name}': must contain a '#'", "bookmark");
        if (at == 0 && pound == 0)
            throw ZfsFailure.Usage("either source or bookmark must be specified as full dataset paths", "bookmark");
        return (at == 0 ? name[..pound] + source : source, pound == 0 ? source[..at] + name : name);
    }
}

using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary>Which datasets, snapshots and bookmarks a list or get is about, in zfs's order.</summary>
internal static class NodeSelection
{
    private static readonly Dictionary<string, AppliesTo> Types = new(StringComparer.Ordinal)
    {
        ["filesystem"] = AppliesTo.Filesystem,
        ["fs"] = AppliesTo.Filesystem,
        ["volume"] = AppliesTo.Volume,
        ["vol"] = AppliesTo.Volume,
        ["snapshot"] = AppliesTo.Snapshot,
        ["snap"] = AppliesTo.Snapshot,
        ["bookmark"] = AppliesTo.Bookmark,
        ["all"] = AppliesTo.All | AppliesTo.Bookmark,
    };

    public static AppliesTo ParseTypes(string command, string text)
    {
        AppliesTo all = default;
        foreach (var name in text.Split(','))
            all |= Types.TryGetValue(name, out var type)
                ? type
                : throw ZfsFailure.Usage($"invalid type '{name}'", command);
        return all;
    }

    public static int? ParseDepth(string command, ZfsOptions options)
    {
        if (options.Value('d') is not { } text)
            return options.Has('r') ? int.MaxValue : null;
        return int.TryParse(text, out var depth) ? depth : throw ZfsFailure.Usage($"{text} is not an integer", command);
    }

    /// <param name="call">The command; a name that is not there is complained about, the rest goes on.</param>
    /// <param name="names">None means everything.</param>
    /// <param name="types">What is wanted.</param>
    /// <param name="depth">How far below the names; null for the names alone.</param>
    public static IReadOnlyList<SimNode> Select(ZfsCall call, IReadOnlyList<string> names, AppliesTo types, int? depth)
    {
        var found = new HashSet<SimNode>();
        if (names.Count == 0)
        {
            foreach (var pool in call.Host.Pools.Values)
                Collect(pool.Root, types, depth ?? int.MaxValue, found);
        }
        foreach (var name in names)
        {
            if (Open(call, name, types, depth is not null) is { } node)
                Collect(node, types, depth ?? 0, found);
        }
        return [.. found.Order(Comparer<SimNode>.Create(Compare))];
    }

    private static SimNode? Open(ZfsCall call, string name, AppliesTo types, bool isRecursive)
    {
        var allowed = types;
        if (isRecursive)
            allowed |=
                AppliesTo.Filesystem
                | (types.HasFlag(AppliesTo.Snapshot) || types.HasFlag(AppliesTo.Bookmark) ? AppliesTo.Volume : default);
        if (HostState.NameFault(name) is { } fault)
        {
            call.Complain($"cannot open '{name}': {fault}");
            return null;
        }
        var isSnapshot = name.Contains('@', StringComparison.Ordinal);
        var isBookmark = name.Contains('#', StringComparison.Ordinal);
        if (
            (isSnapshot && !allowed.HasFlag(AppliesTo.Snapshot)) || (isBookmark && !allowed.HasFlag(AppliesTo.Bookmark))
        )
        {
            call.Complain($"cannot open '{name}': {ZfsCall.Unexpected(isSnapshot ? '@' : '#')}");
            return null;
        }
        if (call.Host.FindNode(name) is { } node)
        {
            if (node is not SimDataset || Fits(node, allowed) || IsOpenable(node, allowed))
                return node;
            call.Complain($"cannot open '{name}': operation not applicable to datasets of this type");
            return null;
        }
        call.Complain($"cannot open '{name}': {call.Missing(name)}");
        return null;
    }

    /// <summary>A listing of snapshots or bookmarks alone takes any dataset's name.</summary>
    private static bool IsOpenable(SimNode node, AppliesTo allowed) =>
        allowed.HasFlag(AppliesTo.Filesystem) && Fits(node, allowed);

    private static bool Fits(SimNode node, AppliesTo types) => types.HasFlag(TypeOf(node));

    private static AppliesTo TypeOf(SimNode node) =>
        node switch
        {
            SimDataset { IsVolume: true } => AppliesTo.Volume,
            SimDataset => AppliesTo.Filesystem,
            SimSnapshot => AppliesTo.Snapshot,
            _ => AppliesTo.Bookmark,
        };

    private static void Collect(SimNode node, AppliesTo types, int depth, HashSet<SimNode> found)
    {
        if (Fits(node, types))
            found.Add(node);
        if (depth <= 0 || node is not SimDataset dataset)
            return;
        if (types.HasFlag(AppliesTo.Snapshot))
            found.UnionWith(dataset.Snapshots);
        if (types.HasFlag(AppliesTo.Bookmark))
            found.UnionWith(dataset.Bookmarks.Values);
        foreach (var child in dataset.Children.Values)
            Collect(child, types, depth - 1, found);
    }

    /// <summary>By name; the snapshots of one dataset by txg.</summary>
    internal static int Compare(SimNode left, SimNode right)
    {
        var (leftName, rightName) = (BeforeSnapshot(left), BeforeSnapshot(right));
        var byName = string.CompareOrdinal(leftName, rightName);
        if (byName != 0)
            return byName;
        if (left is not SimSnapshot || right is not SimSnapshot)
            return (left is SimSnapshot).CompareTo(right is SimSnapshot);
        var byTxg = left.CreateTxg.CompareTo(right.CreateTxg);
        return byTxg != 0 ? byTxg : string.CompareOrdinal(left.FullName, right.FullName);
    }

    private static string BeforeSnapshot(SimNode node) => node is SimSnapshot ? node.Owner.FullName : node.FullName;
}

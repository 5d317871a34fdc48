using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary><c>zfs allow</c> and <c>zfs unallow</c> for users and everyone; no permission sets.</summary>
internal static class AllowCommands
{
    public static void Allow(ZfsCall call)
    {
        var options = ZfsOptions.Parse("allow", "ldugecs", call.Arguments);
        if (options.Operands.Count == 1)
            Show(call, call.OpenDataset(options.Operands[0]));
        else
            Change(call, options, "allow", (granted, permissions) => granted.UnionWith(permissions));
    }

    public static void Unallow(ZfsCall call)
    {
        var options = ZfsOptions.Parse("unallow", "rldugecs", call.Arguments);
        Change(call, options, "allow", (granted, permissions) => granted.ExceptWith(permissions));
    }

    private static void Change(
        ZfsCall call,
        ZfsOptions options,
        string command,
        Action<SortedSet<string>, string[]> change
    )
    {
        var operands = options.Operands;
        var isEveryone = options.Has('e');
        if (operands.Count != (isEveryone || options.Has('c') ? 2 : 3))
            throw ZfsFailure.Usage(null, command);
        var dataset = call.OpenDataset(operands[^1]);
        if (!call.May(dataset, "allow"))
            throw new ZfsFailure($"cannot set permissions on '{dataset.FullName}': permission denied");
        var permissions = operands[^2].Split(',');
        if (options.Has('c'))
        {
            change(dataset.Delegation.OnCreate, permissions);
            return;
        }
        var isBoth = options.Has('l') == options.Has('d');
        foreach (var user in isEveryone ? ["everyone"] : operands[0].Split(','))
        {
            if (isBoth || options.Has('l'))
                change(Granted(dataset.Delegation.Local, user), permissions);
            if (isBoth || options.Has('d'))
                change(Granted(dataset.Delegation.Descendent, user), permissions);
        }
    }

    private static SortedSet<string> Granted(SortedDictionary<string, SortedSet<string>> table, string user)
    {
        if (!table.TryGetValue(user, out var granted))
            table.Add(user, granted = new SortedSet<string>(StringComparer.Ordinal));
        return granted;
    }

    private static void Show(ZfsCall call, SimDataset dataset)
    {
        foreach (var level in dataset.SelfAndAncestors.Where(level => HasAny(level.Delegation)))
        {
            call.Print($"---- Permissions on {level.FullName} ".PadRight(70, '-'));
            ShowKind(call, "Local permissions:", level.Delegation, (local, below) => local.Except(below));
            ShowKind(call, "Descendent permissions:", level.Delegation, (local, below) => below.Except(local));
            ShowKind(call, "Local+Descendent permissions:", level.Delegation, (local, below) => local.Intersect(below));
        }
    }

    private static bool HasAny(Delegation delegation) =>
        delegation.Local.Values.Concat(delegation.Descendent.Values).Any(granted => granted.Count > 0);

    private static void ShowKind(
        ZfsCall call,
        string title,
        Delegation delegation,
        Func<IEnumerable<string>, IEnumerable<string>, IEnumerable<string>> choose
    )
    {
        var lines = delegation
            .Local.Keys.Union(delegation.Descendent.Keys)
            .Order(StringComparer.Ordinal)
            .Select(user =>
                (User: user, Granted: choose(Of(delegation.Local, user), Of(delegation.Descendent, user)).ToList())
            )
            .Where(line => line.Granted.Count > 0)
            .ToList();
        if (lines.Count == 0)
            return;
        call.Print(title);
        foreach (var (user, granted) in lines)
            call.Print($"\t{(user == "everyone" ? user : "user " + user)} {string.Join(',', granted)}");
    }

    private static SortedSet<string> Of(SortedDictionary<string, SortedSet<string>> table, string user) =>
        table.TryGetValue(user, out var granted) ? granted : [];
}

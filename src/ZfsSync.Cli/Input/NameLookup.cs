using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Keys;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Cli.Input;

/// <summary>Finds what a person names: by name, by id, or by the beginning of an id that only one thing has.</summary>
internal static class NameLookup
{
    private const int ShortestPrefix = 4;
    private const int MostListed = 10;

    public static SystemResource Host(IReadOnlyList<SystemResource> hosts, string text) =>
        Find(hosts, text, "host", h => h.Id.ToString(), h => h.Hostname, "zfs-sync host list");

    public static GroupResource Group(IReadOnlyList<GroupResource> groups, string text) =>
        Find(groups, text, "group", g => g.Id.ToString(), g => g.Name, "zfs-sync group list");

    /// <summary>A key that still holds: rotation leaves the old secret behind under the same name.</summary>
    public static KeyResource Key(IReadOnlyList<KeyResource> keys, string text) =>
        Find(
            [.. keys.Where(k => k.RevokedAt is null)],
            text,
            "key",
            k => k.Id.ToString(),
            k => k.Name,
            "zfs-sync key list"
        );

    /// <summary>An edge by its id, or by the logical, source or target dataset when only one edge has it.</summary>
    public static EdgeResource Edge(IReadOnlyList<EdgeResource> edges, string text)
    {
        var named = edges
            .Where(e =>
                e.LogicalDataset == text
                || e.Source.Dataset == text
                || e.Target.Dataset == text
                || $"{e.Source.Hostname}:{e.Source.Dataset}" == text
                || $"{e.Target.Hostname}:{e.Target.Dataset}" == text
            )
            .ToList();
        if (named.Count == 1)
            return named[0];
        if (named.Count > 1)
            throw CommandFault.Usage(
                $"{named.Count} edges have '{text}': {Listed(named.Select(e => $"{e.EdgeId} ({e.Source.Hostname}:{e.Source.Dataset} -> {e.Target.Hostname}:{e.Target.Dataset})"))}.",
                "Name the edge by its id."
            );
        return Find(edges, text, "edge", e => e.EdgeId, e => e.LogicalDataset, "zfs-sync plan");
    }

    private static T Find<T>(
        IReadOnlyList<T> items,
        string text,
        string what,
        Func<T, string> id,
        Func<T, string> name,
        string listCommand
    )
        where T : class
    {
        var exact = items.Where(i => name(i) == text || Same(id(i), text)).ToList();
        if (exact.Count == 0)
            exact = [.. items.Where(i => Same(name(i), text))];
        if (exact.Count == 0 && text.Length >= ShortestPrefix)
            exact = [.. items.Where(i => id(i).StartsWith(text, StringComparison.OrdinalIgnoreCase))];
        if (exact.Count == 1)
            return exact[0];
        if (exact.Count > 1)
            throw CommandFault.Usage(
                $"'{text}' can mean {exact.Count} {what}s: {Listed(exact.Select(i => $"{name(i)} ({id(i)})"))}.",
                "Use the whole id."
            );
        throw Missing(
            text,
            what,
            [.. items.Select(name).Where(n => n.Length > 0).Distinct(StringComparer.Ordinal)],
            listCommand
        );
    }

    private static CommandFault Missing(string text, string what, IReadOnlyList<string> known, string listCommand)
    {
        var meant = Likeness.Nearest(text, known);
        var message = $"There is no {what} '{text}'" + (meant is null ? "." : $"; did you mean '{meant}'?");
        var remedy =
            known.Count == 0 ? $"There is no {what} at all yet." : $"Known: {Listed(known)}. See: {listCommand}";
        return CommandFault.Usage(message, remedy);
    }

    private static string Listed(IEnumerable<string> names)
    {
        var all = names.ToList();
        return string.Join(", ", all.Take(MostListed))
            + (all.Count > MostListed ? $" and {all.Count - MostListed} more" : "");
    }

    private static bool Same(string a, string b) => string.Equals(a, b, StringComparison.OrdinalIgnoreCase);
}

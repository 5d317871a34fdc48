namespace ZfsSync.Simulation.Model;

/// <summary>What <c>zfs allow</c> granted on one dataset. Keys are users; "everyone" is one too.</summary>
internal sealed class Delegation
{
    /// <summary>For the dataset itself.</summary>
    public SortedDictionary<string, SortedSet<string>> Local { get; } = new(StringComparer.Ordinal);

    /// <summary>For the datasets below it.</summary>
    public SortedDictionary<string, SortedSet<string>> Descendent { get; } = new(StringComparer.Ordinal);

    /// <summary>Given to whoever creates a dataset below it.</summary>
    public SortedSet<string> OnCreate { get; } = new(StringComparer.Ordinal);

    public bool Allows(string user, string permission, bool isItself)
    {
        var table = isItself ? Local : Descendent;
        return Holds(table, user, permission) || Holds(table, "everyone", permission);
    }

    private static bool Holds(SortedDictionary<string, SortedSet<string>> table, string who, string permission) =>
        table.TryGetValue(who, out var granted) && granted.Contains(permission);
}

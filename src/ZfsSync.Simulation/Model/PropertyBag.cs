namespace ZfsSync.Simulation.Model;

/// <summary>What was set on one dataset or snapshot itself, by hand and by a receive.</summary>
internal sealed class PropertyBag
{
    public SortedDictionary<string, string> Local { get; } = new(StringComparer.Ordinal);
    public SortedDictionary<string, string> Received { get; } = new(StringComparer.Ordinal);

    /// <summary>Received, but inherited instead: by <c>zfs inherit</c> or <c>receive -x</c>.</summary>
    public SortedSet<string> Masked { get; } = new(StringComparer.Ordinal);

    public void Set(string name, string value)
    {
        Local[name] = value;
        Masked.Remove(name);
    }

    /// <summary>Forgets the local value; a received one is masked unless it is wanted back.</summary>
    public void Inherit(string name, bool backToReceived)
    {
        Local.Remove(name);
        if (backToReceived || !Received.ContainsKey(name))
            Masked.Remove(name);
        else
            Masked.Add(name);
    }

    public bool TryGet(string name, out string value, out string source)
    {
        source = "local";
        if (Local.TryGetValue(name, out value!))
            return true;
        source = "received";
        return !Masked.Contains(name) && Received.TryGetValue(name, out value!);
    }

    public IEnumerable<string> Names =>
        Local.Keys.Concat(Received.Keys.Where(name => !Masked.Contains(name))).Distinct(StringComparer.Ordinal);

    public void CopyFrom(PropertyBag other)
    {
        foreach (var (name, value) in other.Local)
            Local[name] = value;
    }
}

namespace ZfsSync.Simulation.Model;

/// <summary>What was set on one dataset or snapshot itself, by hand and by a receive.</summary>
internal sealed class PropertyBag
{
    public SortedDictionary<string, string> Local { get; } = new(StringComparer.Ordinal);
    public SortedDictionary<string, string> Received { get; } = new(StringComparer.Ordinal);

    /// <summary>Received, but inherited instead: by <c>zfs inherit</c> or <c>receive -x</c>.</summary>
    public SortedSet<string> Masked { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether properties ever came with a stream.</summary>
    public bool HasReceived { get; private set; }

    /// <summary>
    /// Takes what came with a stream in place of what came before. Until the first time, zfs takes local values for
    /// received ones, so that an older dataset loses them.
    /// </summary>
    public void Receive(IEnumerable<KeyValuePair<string, string>> values, bool isNew)
    {
        if (!HasReceived && !isNew)
            Local.Clear();
        Received.Clear();
        foreach (var (name, value) in values)
            Received[name] = value;
        HasReceived = true;
    }

    public void Set(string name, string value)
    {
        Local[name] = value;
        Masked.Remove(name);
    }

    /// <summary>Forgets the local value; a received one, there or to come, is masked unless it is wanted back.</summary>
    public void Inherit(string name, bool backToReceived)
    {
        Local.Remove(name);
        if (backToReceived)
            Masked.Remove(name);
        else if (HasReceived)
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
        foreach (var (name, value) in other.Received)
            Received[name] = value;
        Masked.UnionWith(other.Masked);
        HasReceived = other.HasReceived;
    }
}

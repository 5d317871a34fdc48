namespace ZfsSync.Agent.Survey;

/// <summary>One number for the names of each dataset's snapshots and bookmarks, taken while a sorted listing streams by.</summary>
internal sealed class ListNamesHash
{
    // FNV-1a: no security is needed here, and it takes one character at a time.
    private const ulong Basis = 14695981039346656037;
    private const ulong Prime = 1099511628211;
    private readonly Dictionary<string, ulong> _byDataset = new(StringComparer.Ordinal);

    /// <summary>0 for a dataset without any.</summary>
    public ulong Of(string dataset) => _byDataset.GetValueOrDefault(dataset);

    public void Add(string name)
    {
        var sign = name.AsSpan().IndexOfAny('@', '#');
        if (sign <= 0)
            return;
        var dataset = name[..sign];
        if (!_byDataset.TryGetValue(dataset, out var hash))
            hash = Basis;
        foreach (var c in name.AsSpan(sign))
            hash = (hash ^ c) * Prime;
        _byDataset[dataset] = hash;
    }
}

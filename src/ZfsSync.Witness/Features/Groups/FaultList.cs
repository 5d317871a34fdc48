namespace ZfsSync.Witness.Features.Groups;

/// <summary>Collects every fault of a request, by field, so that one answer names them all.</summary>
internal sealed class FaultList
{
    private readonly SortedDictionary<string, List<string>> faults = new(StringComparer.Ordinal);

    public void Add(string field, string fault)
    {
        if (!faults.TryGetValue(field, out var list))
            faults[field] = list = [];
        list.Add(fault);
    }

    /// <summary>Adds the fault when the condition is not met.</summary>
    public void Require(bool condition, string field, string fault)
    {
        if (!condition)
            Add(field, fault);
    }

    public IReadOnlyDictionary<string, string[]> ByField() =>
        faults.ToDictionary(f => f.Key, f => f.Value.ToArray(), StringComparer.Ordinal);
}

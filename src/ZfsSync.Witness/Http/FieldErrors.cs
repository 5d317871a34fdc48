namespace ZfsSync.Witness.Http;

/// <summary>What is wrong with an input, per field (<c>snapshots[3].name</c>), all of it up to a limit.</summary>
internal sealed class FieldErrors
{
    private const int MaxFields = 200;
    private readonly Dictionary<string, List<string>> faults = new(StringComparer.Ordinal);
    private int left;

    public bool Any => faults.Count > 0;

    public int Count => faults.Count + left;

    /// <summary>Whether more faults would not be shown anyway.</summary>
    public bool IsFull => faults.Count >= MaxFields;

    public FieldErrors Add(string field, string fault)
    {
        if (faults.TryGetValue(field, out var known))
            known.Add(fault);
        else if (IsFull)
            left++;
        else
            faults[field] = [fault];
        return this;
    }

    /// <exception cref="RefusedException">There is something wrong.</exception>
    public void ThrowIfAny()
    {
        if (Any)
            throw Problems.Invalid(this);
    }

    public string Summary()
    {
        var (field, texts) = faults.First();
        var first = field.Length == 0 ? $"The body {texts[0]}." : $"{field} {texts[0]}.";
        var others = faults.Count - 1 + left;
        return others == 0 ? first : $"{first} {others} more in errors.";
    }

    public Dictionary<string, string[]> ToDictionary() =>
        faults.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray(), StringComparer.Ordinal);
}

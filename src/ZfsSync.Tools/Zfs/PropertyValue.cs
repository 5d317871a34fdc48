namespace ZfsSync.Tools.Zfs;

/// <summary>One property as <c>zfs get -Hp</c> prints it.</summary>
/// <param name="Object">The dataset or snapshot.</param>
/// <param name="Property">The property.</param>
/// <param name="Value">The exact value; <c>-</c> when it has none.</param>
/// <param name="Source"><c>local</c>, <c>received</c>, <c>default</c>, <c>-</c>, <c>temporary</c> or <c>inherited from NAME</c>.</param>
public sealed record PropertyValue(string Object, string Property, string Value, string Source)
{
    /// <summary>Whether it is set on the object itself, not inherited, received or a default.</summary>
    public bool IsLocal => Source == "local";
}

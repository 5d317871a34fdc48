namespace ZfsSync.Simulation.Zfs;

/// <summary><c>name=value</c> of -o and of set.</summary>
internal static class PropertyAssignment
{
    public static (string Name, string Value) Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        return at < 0
            ? throw new ZfsFailure($"missing '=' for property=value argument")
            : (text[..at], text[(at + 1)..]);
    }
}

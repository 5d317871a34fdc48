namespace ZfsSync.Contracts.Keys;

/// <summary>What a key may do.</summary>
public enum KeyKind
{
    /// <summary>A host: reads what concerns it, writes its own rows.</summary>
    System,

    /// <summary>Reads everything.</summary>
    Viewer,

    /// <summary>Also plans, syncs and approves repairs.</summary>
    Operator,

    /// <summary>Also keys, hosts and groups.</summary>
    Admin,

    /// <summary>May only register hosts; expires, counts uses.</summary>
    Enrollment,
}

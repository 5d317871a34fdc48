namespace ZfsSync.Contracts.Keys;

/// <summary>The body of <c>POST /keys</c>.</summary>
public sealed record KeyRequest
{
    /// <summary>Not <see cref="KeyKind.System"/>: a host gets its key when it registers.</summary>
    public required KeyKind Kind { get; init; }

    /// <summary>For people, 1 to 100 characters.</summary>
    public required string Name { get; init; }

    /// <summary>How long it holds; for enrollment 86,400 by default, else for ever.</summary>
    public long? ExpiresSeconds { get; init; }

    /// <summary>For enrollment: how many hosts may use it; 1 by default.</summary>
    public int? MaxUses { get; init; }
}

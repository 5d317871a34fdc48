namespace ZfsSync.Contracts.Keys;

/// <summary>A key, without its secret.</summary>
public sealed record KeyResource
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>What it may do.</summary>
    public required KeyKind Kind { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>The part that is no secret, as it starts.</summary>
    public required string Prefix { get; init; }

    /// <summary>For system keys: whose.</summary>
    public Guid? SystemId { get; init; }

    /// <summary>From then on it is void.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Its last use, to a minute or so.</summary>
    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>For enrollment: how often it was used.</summary>
    public int Uses { get; init; }

    /// <summary>For enrollment: how often it may be.</summary>
    public int? MaxUses { get; init; }

    /// <summary>When it was revoked.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The whole key; only in the answer to its making or rotation.</summary>
    public string? ApiKey { get; init; }
}

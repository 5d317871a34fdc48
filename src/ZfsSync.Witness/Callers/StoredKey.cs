using ZfsSync.Contracts.Keys;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Callers;

/// <summary>A key's row.</summary>
internal sealed record StoredKey
{
    public Guid Id { get; init; }

    public string Prefix { get; init; } = "";

    public byte[] Hash { get; init; } = [];

    public string Kind { get; init; } = "";

    public string Name { get; init; } = "";

    public Guid? SystemId { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    public int Uses { get; init; }

    public int? MaxUses { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public bool IsValidAt(DateTimeOffset now) =>
        !(RevokedAt <= now) && !(ExpiresAt <= now) && !(Uses >= (MaxUses ?? int.MaxValue));

    public KeyResource ToResource(string? apiKey = null) =>
        new()
        {
            Id = Id,
            Kind = EnumText<KeyKind>.Parse(Kind),
            Name = Name,
            Prefix = Prefix,
            SystemId = SystemId,
            ExpiresAt = ExpiresAt,
            RevokedAt = RevokedAt,
            LastUsedAt = LastUsedAt,
            Uses = Uses,
            MaxUses = MaxUses,
            CreatedAt = CreatedAt,
            ApiKey = apiKey,
        };
}

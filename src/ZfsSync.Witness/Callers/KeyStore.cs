using ZfsSync.Contracts.Keys;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Callers;

/// <summary>The rows of keys.</summary>
internal sealed class KeyStore
{
    private const string ConfiguredName = "setting ADMIN_KEY";
    private const string Columns =
        "id, prefix, hash, kind, name, system_id, expires_at, revoked_at, last_used_at, uses, max_uses, created_at";

    public Task<StoredKey?> FindByPrefixAsync(Session session, string prefix) =>
        session.FindAsync<StoredKey>($"select {Columns} from keys where prefix = @prefix", new { prefix });

    public Task<StoredKey?> FindAsync(Session session, Guid id) =>
        session.FindAsync<StoredKey>($"select {Columns} from keys where id = @id", new { id });

    public Task<long> CountAsync(Session session) => session.ScalarAsync<long>("select count(*) from keys");

    public Task<IReadOnlyList<StoredKey>> ListAsync(Session session, Page page) =>
        session.QueryAsync<StoredKey>(
            $"select {Columns} from keys order by created_at, id limit @Size offset @Offset",
            new { page.Size, page.Offset }
        );

    public Task InsertAsync(Session session, StoredKey key) =>
        session.ExecuteAsync(
            $"""
            insert into keys ({Columns})
            values (@Id, @Prefix, @Hash, @Kind, @Name, @SystemId, @ExpiresAt, @RevokedAt, @LastUsedAt, @Uses, @MaxUses, @CreatedAt)
            """,
            key
        );

    /// <summary>From <paramref name="at"/> on the key is void; an earlier end stays. The number of keys found.</summary>
    public Task<int> RevokeAsync(Session session, Guid id, DateTimeOffset at) =>
        session.ExecuteAsync(
            "update keys set revoked_at = case when revoked_at < @at then revoked_at else @at end where id = @id",
            new { id, at }
        );

    /// <summary>As <see cref="RevokeAsync"/>, for every key of a host.</summary>
    public Task<int> RevokeOfSystemAsync(Session session, Guid systemId, DateTimeOffset at) =>
        session.ExecuteAsync(
            "update keys set revoked_at = case when revoked_at < @at then revoked_at else @at end where system_id = @systemId",
            new { systemId, at }
        );

    /// <summary>Counts a use of an enrollment key; false when it has none left.</summary>
    public async Task<bool> TakeUseAsync(Session session, Guid id) =>
        await session.ExecuteAsync(
            "update keys set uses = uses + 1 where id = @id and (max_uses is null or uses < max_uses)",
            new { id }
        ) == 1;

    public Task SetLastUsedAsync(Session session, IEnumerable<KeyValuePair<Guid, DateTimeOffset>> uses) =>
        session.ExecuteAsync(
            "update keys set last_used_at = @Value where id = @Key and (last_used_at is null or last_used_at < @Value)",
            uses
        );

    public async Task<bool> HasAdminAsync(Session session, DateTimeOffset now) =>
        await session.ScalarAsync<long>(
            """
            select count(*) from keys where kind = 'admin'
            and (revoked_at is null or revoked_at > @now) and (expires_at is null or expires_at > @now)
            """,
            new { now }
        ) > 0;

    /// <summary>The key of the ADMIN_KEY setting: made, or changed to the setting's present value; an earlier one is void.</summary>
    public async Task PutConfiguredAsync(Session session, KeySecret secret, DateTimeOffset now)
    {
        await session.ExecuteAsync(
            "delete from keys where name = @ConfiguredName and prefix <> @Prefix",
            new { ConfiguredName, secret.Prefix }
        );
        await session.ExecuteAsync(
            """
            insert into keys (id, prefix, hash, kind, name, uses, created_at)
            values (@id, @Prefix, @hash, 'admin', @ConfiguredName, 0, @now)
            on conflict (prefix) do update set hash = excluded.hash, revoked_at = null
            where keys.hash <> excluded.hash
            """,
            new
            {
                id = Guid.CreateVersion7(now),
                secret.Prefix,
                hash = secret.Hash(),
                ConfiguredName,
                now,
            }
        );
    }

    public static StoredKey New(
        KeySecret secret,
        KeyKind kind,
        string name,
        DateTimeOffset now,
        Guid? systemId = null
    ) =>
        new()
        {
            Id = Guid.CreateVersion7(now),
            Prefix = secret.Prefix,
            Hash = secret.Hash(),
            Kind = EnumText<KeyKind>.Of(kind),
            Name = name,
            SystemId = systemId,
            CreatedAt = now,
        };
}

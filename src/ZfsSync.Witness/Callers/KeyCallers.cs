using ZfsSync.Contracts;
using ZfsSync.Contracts.Keys;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Callers;

/// <summary>From the text of a key to the caller. One small read per request, so that a revoked key is void at once on every replica.</summary>
internal sealed class KeyCallers(
    Database database,
    KeyStore store,
    KeyUses uses,
    FailedSignIns failures,
    TimeProvider time
)
{
    /// <summary>The caller, or null for a key that is unknown, expired, revoked or used up.</summary>
    /// <exception cref="RefusedException">Too many wrong keys came from there.</exception>
    public async Task<Caller?> FindAsync(string text, string address, CancellationToken cancellation)
    {
        var secret = KeySecret.Parse(text);
        if (failures.Wait(address, secret.Prefix) is { } wait)
            throw TooMany(wait);
        var key = await database.ReadAsync(session => store.FindByPrefixAsync(session, secret.Prefix), cancellation);
        if (key is null || !secret.Matches(key.Hash) || !key.IsValidAt(time.GetUtcNow()))
        {
            failures.Note(address, secret.Prefix);
            return null;
        }
        uses.Note(key.Id);
        return new Caller(key.Id, EnumText<KeyKind>.Parse(key.Kind), key.Name, key.SystemId);
    }

    /// <summary>The caller of a session that was opened with this key; null when the key holds no longer.</summary>
    public async Task<Caller?> FindBySessionAsync(Guid keyId, CancellationToken cancellation)
    {
        var key = await database.ReadAsync(session => store.FindAsync(session, keyId), cancellation);
        if (key is null || !key.IsValidAt(time.GetUtcNow()))
            return null;
        uses.Note(key.Id);
        return new Caller(key.Id, EnumText<KeyKind>.Parse(key.Kind), key.Name, key.SystemId);
    }

    private static RefusedException TooMany(TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        return new RefusedException(
            Problems.Of(
                StatusCodes.Status429TooManyRequests,
                ProblemCodes.TooManyRequests,
                $"Too many wrong keys came from this address. Wait {seconds} seconds, and correct the key."
            ),
            seconds
        );
    }
}

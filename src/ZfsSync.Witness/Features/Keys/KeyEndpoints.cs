using Microsoft.AspNetCore.Mvc;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Keys;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Keys;

/// <summary>Keys of people and for joining; admins only.</summary>
internal static class KeyEndpoints
{
    private const int DefaultEnrollmentSeconds = 86_400;
    private const int MaxGraceSeconds = 30 * 86_400;
    private const long MaxExpirySeconds = 100L * 366 * 86_400;
    private const int MaxName = 100;

    public static void MapKeys(this IEndpointRouteBuilder api)
    {
        var keys = api.MapGroup(Routes.Keys).RequireAuthorization(Allow.Admin).WithTags("Keys");
        keys.MapGet("", ListAsync).Produces<IReadOnlyList<KeyResource>>();
        keys.MapPost("", CreateAsync).Produces<KeyResource>(201);
        keys.MapPost("/{id}/rotate", RotateAsync).Produces<KeyResource>();
        keys.MapDelete("/{id}", RevokeAsync).Produces(204);
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] Page page,
        Database database,
        KeyStore store,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        page.Check();
        var (rows, total) = await database.ReadAsync(
            async session => (await store.ListAsync(session, page), await store.CountAsync(session)),
            cancellation
        );
        return page.Answer<KeyResource>(http, [.. rows.Select(row => row.ToResource())], total);
    }

    private static async Task<IResult> CreateAsync(
        Body<KeyRequest> body,
        Database database,
        KeyStore store,
        WitnessOptions options,
        TimeProvider time,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        var request = body.Value;
        Check(request);
        var isEnrollment = request.Kind == KeyKind.Enrollment;
        var secret = KeySecret.Generate(options.ApiKeyLength);
        var now = time.GetUtcNow();
        var expires = request.ExpiresSeconds ?? (isEnrollment ? DefaultEnrollmentSeconds : null);
        var key = KeyStore.New(secret, request.Kind, request.Name, now) with
        {
            ExpiresAt = expires is { } seconds ? now.AddSeconds(seconds) : null,
            MaxUses = isEnrollment ? request.MaxUses ?? 1 : null,
        };
        await database.WriteAsync(session => store.InsertAsync(session, key), cancellation);
        return TypedResults.Created($"{http.Request.Path}/{key.Id}", key.ToResource(secret.Text));
    }

    private static void Check(KeyRequest request)
    {
        var errors = new FieldErrors();
        if (request.Kind == KeyKind.System)
            errors.Add(
                "kind",
                "must not be system: a host gets its key when it registers, and a new one at /systems/{id}/api-key"
            );
        if (request.Name.Length is 0 or > MaxName || request.Name.Any(char.IsControl))
            errors.Add("name", $"must have 1 to {MaxName} printable characters");
        if (request.ExpiresSeconds is < 1 or > MaxExpirySeconds)
            errors.Add("expires_seconds", $"must be from 1 to {MaxExpirySeconds}");
        if (request.MaxUses < 1)
            errors.Add("max_uses", "must be at least 1");
        if (request.MaxUses is not null && request.Kind != KeyKind.Enrollment)
            errors.Add("max_uses", "is for enrollment keys only");
        errors.ThrowIfAny();
    }

    private static async Task<IResult> RotateAsync(
        Guid id,
        [FromQuery(Name = "grace_seconds")] int? graceSeconds,
        Database database,
        KeyStore store,
        WitnessOptions options,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (graceSeconds is < 0 or > MaxGraceSeconds)
            throw Problems.Invalid("grace_seconds", $"must be from 0 to {MaxGraceSeconds}");
        var now = time.GetUtcNow();
        var secret = KeySecret.Generate(options.ApiKeyLength);
        var rotated = await database.WriteAsync(
            async session =>
            {
                if (await store.FindAsync(session, id) is not { } old)
                    return null;
                if (old.RevokedAt <= now)
                    throw Problems.Refused(
                        StatusCodes.Status409Conflict,
                        ProblemCodes.Exists,
                        "The key is revoked. Make a new one."
                    );
                var key = old with
                {
                    Id = Guid.CreateVersion7(now),
                    Prefix = secret.Prefix,
                    Hash = secret.Hash(),
                    LastUsedAt = null,
                    RevokedAt = null,
                    CreatedAt = now,
                };
                await store.RevokeAsync(session, id, now.AddSeconds(graceSeconds ?? 0));
                await store.InsertAsync(session, key);
                return key;
            },
            cancellation
        );
        return rotated is null ? Problems.NotFound("key", id) : TypedResults.Ok(rotated.ToResource(secret.Text));
    }

    private static async Task<IResult> RevokeAsync(
        Guid id,
        Database database,
        KeyStore store,
        TimeProvider time,
        CancellationToken cancellation
    ) =>
        await database.WriteAsync(session => store.RevokeAsync(session, id, time.GetUtcNow()), cancellation) == 0
            ? Problems.NotFound("key", id)
            : TypedResults.NoContent();
}

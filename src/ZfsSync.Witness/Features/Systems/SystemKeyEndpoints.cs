using Microsoft.AspNetCore.Mvc;
using ZfsSync.Contracts.Keys;
using ZfsSync.Contracts.Systems;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Systems;

/// <summary>A host's own keys: a new one with or without grace for the old, or none any more.</summary>
internal static class SystemKeyEndpoints
{
    private const int MaxGraceSeconds = 30 * 86_400;

    public static void MapSystemKeys(this IEndpointRouteBuilder systems)
    {
        systems.MapPost("/{id}/api-key", RotateAsync).RequireAuthorization(Allow.Host).Produces<SystemKeyAnswer>();
        systems
            .MapPost("/{id}/api-key/rotate", RotateAsync)
            .RequireAuthorization(Allow.Host)
            .Produces<SystemKeyAnswer>();
        systems.MapDelete("/{id}/api-key", RevokeAsync).RequireAuthorization(Allow.Host).Produces(204);
    }

    private static async Task<IResult> RotateAsync(
        Guid id,
        [FromQuery(Name = "grace_seconds")] int? graceSeconds,
        Database database,
        SystemStore systems,
        KeyStore keys,
        WitnessOptions options,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        if (graceSeconds is < 0 or > MaxGraceSeconds)
            throw Problems.Invalid("grace_seconds", $"must be from 0 to {MaxGraceSeconds}");
        var now = time.GetUtcNow();
        var secret = KeySecret.Generate(options.ApiKeyLength);
        var found = await database.WriteAsync(
            async session =>
            {
                if (await systems.FindAsync(session, id) is not { } system)
                    return false;
                await keys.RevokeOfSystemAsync(session, id, now.AddSeconds(graceSeconds ?? 0));
                await keys.InsertAsync(session, KeyStore.New(secret, KeyKind.System, system.Hostname, now, id));
                return true;
            },
            cancellation
        );
        return found ? TypedResults.Ok(new SystemKeyAnswer(id, secret.Text)) : Problems.NotFound("system", id);
    }

    private static async Task<IResult> RevokeAsync(
        Guid id,
        Database database,
        SystemStore systems,
        KeyStore keys,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var found = await database.WriteAsync(
            async session =>
            {
                if (await systems.FindAsync(session, id) is null)
                    return false;
                await keys.RevokeOfSystemAsync(session, id, time.GetUtcNow());
                return true;
            },
            cancellation
        );
        return found ? TypedResults.NoContent() : Problems.NotFound("system", id);
    }
}

using Microsoft.AspNetCore.Mvc;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Systems;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Systems;

/// <summary>Hosts: joining, looking, changing, and signs of life.</summary>
internal static class SystemEndpoints
{
    public static void MapSystems(this IEndpointRouteBuilder api)
    {
        var systems = api.MapGroup(Routes.Systems).WithTags("Systems");
        systems.MapPost("/register", RegisterAsync).RequireAuthorization(Allow.Enroll).Produces<SystemResource>(201);
        systems.MapPost("", RegisterAsync).RequireAuthorization(Allow.Enroll).Produces<SystemResource>(201);
        systems.MapGet("", ListAsync).RequireAuthorization(Allow.Reader).Produces<IReadOnlyList<SystemResource>>();
        systems.MapGet("/{id}", GetAsync).RequireAuthorization(Allow.HostReader).Produces<SystemResource>();
        systems.MapPut("/{id}", UpdateAsync).RequireAuthorization(Allow.Host).Produces<SystemResource>();
        systems.MapDelete("/{id}", DeleteAsync).RequireAuthorization(Allow.Admin).Produces(204);
        systems.MapPost("/{id}/heartbeat", HeartbeatAsync).RequireAuthorization(Allow.Host).Produces<HeartbeatAnswer>();
        systems.MapSystemKeys();
        systems.MapSystemHealth();
        systems.MapSystemPartners();
    }

    private static async Task<IResult> RegisterAsync(
        Body<SystemRegistration> body,
        [FromQuery(Name = "replace")] bool? replace,
        Caller caller,
        HostEnrollment enrollment,
        Connectivity connectivity,
        PlanningBell bell,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        var (system, key) = await enrollment.EnrollAsync(body.Value, replace ?? false, caller, cancellation);
        bell.RingAll(system.Id);
        return TypedResults.Created(
            $"{http.Request.Path.Value!.Replace("/register", "", StringComparison.Ordinal)}/{system.Id}",
            system.ToResource(connectivity) with
            {
                ApiKey = key.Text,
            }
        );
    }

    private static async Task<IResult> ListAsync(
        [AsParameters] Page page,
        Caller caller,
        Database database,
        SystemStore store,
        Connectivity connectivity,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        page.Check();
        var (rows, total) = await database.ReadAsync(
            async session =>
                (
                    await store.ListAsync(session, caller.OnlySystem, page),
                    await store.CountAsync(session, caller.OnlySystem)
                ),
            cancellation
        );
        return page.Answer<SystemResource>(http, [.. rows.Select(row => row.ToResource(connectivity))], total);
    }

    private static async Task<IResult> GetAsync(
        Guid id,
        Database database,
        SystemStore store,
        Connectivity connectivity,
        CancellationToken cancellation
    ) =>
        await database.ReadAsync(session => store.FindAsync(session, id), cancellation) is { } system
            ? TypedResults.Ok(system.ToResource(connectivity))
            : Problems.NotFound("system", id);

    private static async Task<IResult> UpdateAsync(
        Guid id,
        Body<SystemUpdate> body,
        Caller caller,
        HostUpdate update,
        Connectivity connectivity,
        CancellationToken cancellation
    ) =>
        await update.ApplyAsync(id, body.Value, caller, cancellation) is { } system
            ? TypedResults.Ok(system.ToResource(connectivity))
            : Problems.NotFound("system", id);

    private static async Task<IResult> DeleteAsync(
        Guid id,
        Database database,
        SystemStore store,
        PlanningBell bell,
        CancellationToken cancellation
    )
    {
        if (await database.WriteAsync(session => store.DeleteAsync(session, id), cancellation) == 0)
            return Problems.NotFound("system", id);
        bell.RingAll(id);
        return TypedResults.NoContent();
    }

    private static async Task<IResult> HeartbeatAsync(
        Guid id,
        Database database,
        SystemStore store,
        WitnessOptions options,
        TimeProvider time,
        CancellationToken cancellation
    )
    {
        var now = time.GetUtcNow();
        return await database.WriteAsync(session => store.SetSeenAsync(session, id, now), cancellation) == 0
            ? Problems.NotFound("system", id)
            : TypedResults.Ok(new HeartbeatAnswer(id, now, options.ReportIntervalSeconds));
    }
}

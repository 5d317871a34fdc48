using Microsoft.AspNetCore.Mvc;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Edges;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Edges;

/// <summary>Edges with their decisions, and what a person can do about one.</summary>
internal static class EdgeEndpoints
{
    public static void AddEdges(this IServiceCollection services)
    {
        services.AddSingleton<EdgeReadStore>();
        services.AddSingleton<EdgeTallyStore>();
        services.AddSingleton<ApprovalStore>();
        services.AddSingleton<AuditStore>();
        services.AddSingleton<RepairConsent>();
        services.AddSingleton<RunStop>();
    }

    public static void MapEdges(this IEndpointRouteBuilder routes)
    {
        var edges = routes.MapGroup($"/{Routes.Edges}").WithTags("Edges");
        edges.MapGet("", ListAsync).RequireAuthorization(Allow.Reader);
        edges.MapGet("/{id}", FindAsync).RequireAuthorization(Allow.Reader);
        edges.MapPost("/{id}/repairs", ApproveAsync).RequireAuthorization(Allow.Operator);
        edges.MapPost("/{id}/stop", StopAsync).RequireAuthorization(Allow.Operator);
    }

    private static Task<IResult> ListAsync(
        [FromQuery(Name = "sync_group_id")] Guid? groupId,
        [AsParameters] Page page,
        Caller caller,
        Database database,
        EdgeReadStore store,
        HttpContext http
    )
    {
        page.Check();
        return database.ReadAsync(
            async session =>
                page.Answer(
                    http,
                    await store.ListAsync(session, groupId, caller.OnlySystem, page.Size, page.Offset),
                    await store.CountAsync(session, groupId, caller.OnlySystem)
                ),
            http.RequestAborted
        );
    }

    private static async Task<IResult> FindAsync(
        string id,
        Caller caller,
        Database database,
        EdgeReadStore store,
        CancellationToken cancellation
    )
    {
        var edge = await database.ReadAsync(s => store.FindAsync(s, id), cancellation);
        return edge is not null && MaySee(caller, edge) ? TypedResults.Ok(edge) : Problems.NotFound("edge", id);
    }

    private static async Task<IResult> ApproveAsync(
        string id,
        Body<RepairApproval> body,
        Caller caller,
        RepairConsent consent,
        CancellationToken cancellation
    ) => TypedResults.Json(await consent.ApproveAsync(id, body.Value, caller, cancellation), statusCode: 201);

    private static async Task<IResult> StopAsync(
        string id,
        Caller caller,
        RunStop stop,
        CancellationToken cancellation
    ) =>
        await stop.RequestAsync(id, caller, cancellation)
            ? TypedResults.Accepted((string?)null)
            : Problems.NotFound("running transfer of the edge", id);

    private static bool MaySee(Caller caller, EdgeResource edge) =>
        caller.OnlySystem is not { } own || edge.Source.SystemId == own || edge.Target.SystemId == own;
}

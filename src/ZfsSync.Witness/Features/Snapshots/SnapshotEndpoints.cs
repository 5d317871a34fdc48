using Microsoft.AspNetCore.Mvc;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Snapshots;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>Snapshots as scripts submit them and as people look them up.</summary>
internal static class SnapshotEndpoints
{
    public static void MapSnapshots(this IEndpointRouteBuilder api)
    {
        var snapshots = api.MapGroup(Routes.Snapshots).WithTags("Snapshots");
        snapshots.MapPost("", SubmitAsync).RequireAuthorization(Allow.Reader).Produces<SnapshotResource>(201);
        snapshots.MapPost("/batch", SubmitBatchAsync).RequireAuthorization(Allow.Reader).Produces<BatchAnswer>(201);
        snapshots.MapGet("", ListAsync).RequireAuthorization(Allow.Reader).Produces<IReadOnlyList<SnapshotResource>>();
        snapshots
            .MapGet("/system/{systemId}", ListOfSystemAsync)
            .RequireAuthorization(Allow.HostReader)
            .Produces<IReadOnlyList<SnapshotResource>>();
        snapshots.MapDelete("/system/{systemId}", DeleteOfSystemAsync).RequireAuthorization(Allow.Host);
        snapshots.MapGet("/{id}", GetAsync).RequireAuthorization(Allow.Reader).Produces<SnapshotResource>();
        snapshots.MapDelete("/{id}", DeleteAsync).RequireAuthorization(Allow.Reader).Produces(204);
        snapshots.MapSnapshotHistory();
        snapshots.MapSnapshotComparison();
    }

    private static async Task<IResult> SubmitAsync(
        Body<SnapshotSubmission> body,
        Caller caller,
        SnapshotIntake intake,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        var (_, rows) = await intake.TakeAsync([body.Value], isBatch: false, caller, cancellation);
        var stored = FoundSnapshot.Of(rows[0].SystemId, rows[0].Dataset, rows[0].Row).ToResource();
        return TypedResults.Created($"{http.Request.Path}/{stored.Id}", stored);
    }

    private static async Task<IResult> SubmitBatchAsync(
        SnapshotBatch batch,
        Caller caller,
        SnapshotIntake intake,
        CancellationToken cancellation
    )
    {
        var (answer, _) = await intake.TakeAsync(batch.Snapshots, isBatch: true, caller, cancellation);
        return TypedResults.Created((string?)null, answer);
    }

    private static Task<IResult> ListAsync(
        [FromQuery(Name = "system_id")] Guid? systemId,
        [FromQuery(Name = "pool")] string? pool,
        [FromQuery(Name = "dataset")] string? dataset,
        [FromQuery(Name = "name")] string? name,
        [AsParameters] Page page,
        Caller caller,
        Database database,
        SnapshotQueryStore store,
        HttpContext http,
        CancellationToken cancellation
    ) =>
        AnswerAsync(
            new SnapshotFilter(caller.Narrow(systemId), pool, dataset, name),
            page,
            database,
            store,
            http,
            cancellation
        );

    private static Task<IResult> ListOfSystemAsync(
        Guid systemId,
        [FromQuery(Name = "pool")] string? pool,
        [FromQuery(Name = "dataset")] string? dataset,
        [FromQuery(Name = "name")] string? name,
        [AsParameters] Page page,
        Database database,
        SnapshotQueryStore store,
        HttpContext http,
        CancellationToken cancellation
    ) => AnswerAsync(new SnapshotFilter(systemId, pool, dataset, name), page, database, store, http, cancellation);

    private static async Task<IResult> AnswerAsync(
        SnapshotFilter filter,
        Page page,
        Database database,
        SnapshotQueryStore store,
        HttpContext http,
        CancellationToken cancellation
    )
    {
        page.Check();
        var (rows, total) = await database.ReadAsync(
            async session => (await store.ListAsync(session, filter, page), await store.CountAsync(session, filter)),
            cancellation
        );
        return page.Answer<SnapshotResource>(http, [.. rows.Select(row => row.ToResource())], total);
    }

    private static async Task<IResult> GetAsync(
        Guid id,
        Caller caller,
        Database database,
        SnapshotQueryStore store,
        CancellationToken cancellation
    )
    {
        var (datasetId, guid) = SnapshotIdentity.FromId(id);
        var found = await database.ReadAsync(session => store.FindAsync(session, datasetId, guid), cancellation);
        return found is null || caller.IsForeign(found.SystemId)
            ? Problems.NotFound("snapshot", id)
            : TypedResults.Ok(found.ToResource());
    }

    /// <summary>Of the inventory only: no pool is touched.</summary>
    private static async Task<IResult> DeleteAsync(
        Guid id,
        Caller caller,
        InventoryRemoval removal,
        CancellationToken cancellation
    ) =>
        await removal.RemoveAsync(id, caller, cancellation)
            ? TypedResults.NoContent()
            : Problems.NotFound("snapshot", id);

    private static async Task<IResult> DeleteOfSystemAsync(
        Guid systemId,
        InventoryRemoval removal,
        CancellationToken cancellation
    ) =>
        await removal.RemoveOfSystemAsync(systemId, cancellation) is { } removed
            ? TypedResults.Ok(removed)
            : Problems.NotFound("system", systemId);
}

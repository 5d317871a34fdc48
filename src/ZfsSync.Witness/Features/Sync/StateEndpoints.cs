using Microsoft.AspNetCore.Mvc;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Sync;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Sync;

/// <summary>States: what scripts claim, beside what inventories show. A claim comes as JSON, or all in the query as old scripts send it.</summary>
internal static class StateEndpoints
{
    public static void MapStates(this IEndpointRouteBuilder sync)
    {
        sync.MapPost("/states", ClaimAsync).RequireAuthorization(Allow.Reader);
        sync.MapGet("/states", ListAsync).RequireAuthorization(Allow.Reader);
        sync.MapGet("/states/{stateId:guid}", FindAsync).RequireAuthorization(Allow.Reader);
        sync.MapGet("/groups/{groupId:guid}/states", OfGroupAsync).RequireAuthorization(Allow.Reader);
    }

    private static async Task<IResult> ClaimAsync(
        [AsParameters] ClaimQuery query,
        Caller caller,
        StateClaims claims,
        HttpContext http
    )
    {
        var claim = http.Request.HasJsonContentType()
            ? RequestBody.Read<StateClaim>((await RequestBody.BytesAsync(http)).Span)
            : query.ToClaim();
        var state = await claims.ClaimAsync(claim, caller, http.RequestAborted);
        return TypedResults.Created($"{http.Request.Path}/{state.Id}", state);
    }

    private static Task<IResult> ListAsync(
        [FromQuery(Name = "sync_group_id")] Guid? groupId,
        [FromQuery(Name = "system_id")] Guid? systemId,
        [AsParameters] Page page,
        Caller caller,
        Database database,
        StateClaims claims,
        EdgeReadStore edges,
        HttpContext http
    )
    {
        page.Check();
        var seen = caller.OnlySystem ?? systemId;
        return database.ReadAsync(
            async session =>
                page.Answer(
                    http,
                    await claims.ListAsync(session, groupId, seen, page.Size, page.Offset),
                    await edges.CountAsync(session, groupId, seen)
                ),
            http.RequestAborted
        );
    }

    private static async Task<IResult> FindAsync(
        Guid stateId,
        Caller caller,
        Database database,
        StateClaims claims,
        CancellationToken cancellation
    ) =>
        await database.ReadAsync(s => claims.FindAsync(s, stateId, caller.OnlySystem), cancellation) is { } state
            ? TypedResults.Ok(state)
            : Problems.NotFound("sync state", stateId);

    private static Task<IResult> OfGroupAsync(
        Guid groupId,
        [AsParameters] Page page,
        Caller caller,
        Database database,
        GroupStore groups,
        StateClaims claims,
        EdgeReadStore edges,
        HttpContext http
    )
    {
        page.Check();
        return database.ReadAsync(
            async session =>
            {
                if (await groups.FindAsync(session, groupId) is null)
                    return Problems.NotFound("sync group", groupId);
                return page.Answer(
                    http,
                    await claims.ListAsync(session, groupId, caller.OnlySystem, page.Size, page.Offset),
                    await edges.CountAsync(session, groupId, caller.OnlySystem)
                );
            },
            http.RequestAborted
        );
    }

    /// <summary>A claim as query parameters.</summary>
    private sealed record ClaimQuery
    {
        [FromQuery(Name = "sync_group_id")]
        public Guid? SyncGroupId { get; init; }

        [FromQuery(Name = "system_id")]
        public Guid? SystemId { get; init; }

        [FromQuery(Name = "snapshot_id")]
        public Guid? SnapshotId { get; init; }

        [FromQuery(Name = "dataset")]
        public string? Dataset { get; init; }

        [FromQuery(Name = "status")]
        public string? Status { get; init; }

        [FromQuery(Name = "error_message")]
        public string? ErrorMessage { get; init; }

        public StateClaim ToClaim()
        {
            var errors = new FieldErrors();
            if (SyncGroupId is null)
                errors.Add("sync_group_id", "is required");
            if (SystemId is null)
                errors.Add("system_id", "is required");
            var state = EdgeState.InSync;
            if (Status is null || !EnumText<EdgeState>.TryParse(Status, out state))
                errors.Add("status", "is required: one of in_sync, out_of_sync, syncing, conflict, error");
            errors.ThrowIfAny();
            return new StateClaim
            {
                SyncGroupId = SyncGroupId!.Value,
                SystemId = SystemId!.Value,
                SnapshotId = SnapshotId,
                Dataset = Dataset,
                Status = state,
                ErrorMessage = ErrorMessage,
            };
        }
    }
}

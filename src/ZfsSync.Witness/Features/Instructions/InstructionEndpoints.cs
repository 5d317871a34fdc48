using Microsoft.AspNetCore.Mvc;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Http;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Instructions;

/// <summary>What agents ask for work by, and tell how it goes; and the list of what was executed.</summary>
internal static class InstructionEndpoints
{
    public static void AddInstructions(this IServiceCollection services)
    {
        services.AddSingleton<InstructionStore>();
        services.AddSingleton<InstructionDispatch>();
    }

    public static void MapInstructions(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet($"/{Routes.Systems}/{{id:guid}}/instructions", PendingAsync)
            .RequireAuthorization(Allow.Host)
            .WithTags("Instructions");
        routes
            .MapPost($"/{Routes.Systems}/{{id:guid}}/forgotten-holds", ForgottenHoldsAsync)
            .RequireAuthorization(Allow.Host)
            .WithTags("Instructions");
        var instructions = routes
            .MapGroup("/instructions/{id:guid}")
            .WithTags("Instructions")
            .RequireAuthorization(Allow.Reader);
        instructions.MapPost("/claim", ClaimAsync);
        instructions.MapPost("/progress", ProgressAsync);
        instructions.MapPost("/outcome", OutcomeAsync);
        routes.MapGet($"/{Routes.Runs}", RunsAsync).RequireAuthorization(Allow.Reader).WithTags("Instructions");
    }

    private static async Task<IResult> PendingAsync(
        Guid id,
        [FromQuery(Name = "wait_seconds")] int? waitSeconds,
        [FromQuery(Name = "known_request")] DateTimeOffset? knownRequest,
        InstructionDispatch dispatch,
        IHostApplicationLifetime lifetime,
        HttpContext http
    )
    {
        if (waitSeconds is < 0 or > InstructionDispatch.MaxWaitSeconds)
            throw Problems.Invalid("wait_seconds", $"must be from 0 to {InstructionDispatch.MaxWaitSeconds}");
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            http.RequestAborted,
            lifetime.ApplicationStopping
        );
        try
        {
            var work = await dispatch.PendingAsync(id, waitSeconds ?? 0, knownRequest, ending.Token);
            if (work.ReportRequestedAt is { } requested)
                http.Response.Headers[WaitingWork.ReportRequestedHeader] = WaitingWork.Text(requested);
            return TypedResults.Ok(work.Instructions);
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            // The witness stops: nothing now, ask again.
            return TypedResults.Ok<IReadOnlyList<InstructionSummary>>([]);
        }
    }

    private static async Task<IResult> ForgottenHoldsAsync(
        Body<HoldsFound> body,
        Database database,
        InstructionStore store,
        CancellationToken cancellation
    )
    {
        if (body.Value.EdgeIds.Count > HoldsFound.Most)
            throw Problems.Invalid("edge_ids", $"must have {HoldsFound.Most} members at most");
        return TypedResults.Ok(
            new HoldsFound(await database.ReadAsync(s => store.EndedAsync(s, body.Value.EdgeIds), cancellation))
        );
    }

    private static async Task<IResult> ClaimAsync(
        Guid id,
        Body<ClaimRequest> body,
        Caller caller,
        InstructionDispatch dispatch,
        CancellationToken cancellation
    ) => TypedResults.Ok(await dispatch.ClaimAsync(id, body.Value, caller, cancellation));

    private static async Task<IResult> ProgressAsync(
        Guid id,
        Body<ProgressReport> body,
        Caller caller,
        InstructionDispatch dispatch,
        CancellationToken cancellation
    ) => TypedResults.Ok(await dispatch.ProgressAsync(id, body.Value, caller, cancellation));

    private static async Task<IResult> OutcomeAsync(
        Guid id,
        Body<OutcomeReport> body,
        Caller caller,
        InstructionDispatch dispatch,
        CancellationToken cancellation
    ) => TypedResults.Ok(await dispatch.OutcomeAsync(id, body.Value, caller, cancellation));

    private static async Task<IResult> RunsAsync(
        [FromQuery(Name = "sync_group_id")] Guid? groupId,
        [FromQuery(Name = "edge_id")] string? edgeId,
        [AsParameters] Page page,
        Caller caller,
        Database database,
        InstructionStore store,
        CancellationToken cancellation
    )
    {
        page.Check();
        var rows = await database.ReadAsync(
            s => store.RunsAsync(s, groupId, edgeId, caller.OnlySystem, page.Size, page.Offset),
            cancellation
        );
        return TypedResults.Ok<IReadOnlyList<RunResource>>([.. rows.Select(r => r.ToRun())]);
    }
}

using Microsoft.AspNetCore.Mvc;
using ZfsSync.Contracts.Sync;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Http;

namespace ZfsSync.Witness.Features.Sync;

/// <summary>Both older dialects side by side, for scripts; and planning on request.</summary>
internal static class SyncEndpoints
{
    public static void AddSync(this IServiceCollection services)
    {
        services.AddSingleton<ScriptWork>();
        services.AddSingleton<StateClaims>();
        services.AddSingleton<StateStore>();
        services.AddSingleton<GroupEdges>();
        services.AddSingleton<GroupCheck>();
    }

    public static void MapSync(this IEndpointRouteBuilder routes)
    {
        var sync = routes.MapGroup("/sync").WithTags("Sync");
        sync.MapGet("/instructions/{systemId:guid}", InstructionsAsync).RequireAuthorization(Allow.HostReader);
        sync.MapPost("/{groupId:guid}/check", CheckAsync).RequireAuthorization(Allow.Operator);
        var groups = sync.MapGroup("/groups/{groupId:guid}").RequireAuthorization(Allow.Reader);
        groups.MapGet("/status", StatusAsync);
        groups.MapGet("/mismatches", MismatchesAsync);
        groups.MapGet("/actions", ActionsAsync);
        groups.MapGet("/analysis", AnalysisAsync);
        sync.MapStates();
    }

    private static async Task<IResult> InstructionsAsync(
        Guid systemId,
        [FromQuery(Name = "sync_group_id")] Guid? groupId,
        [FromQuery(Name = "include_commands")] bool? includeCommands,
        [FromQuery(Name = "include_diagnostics")] bool? includeDiagnostics,
        ScriptWork work,
        CancellationToken cancellation
    ) =>
        TypedResults.Ok(
            await work.ForAsync(systemId, groupId, includeCommands ?? false, includeDiagnostics ?? false, cancellation)
        );

    private static async Task<IResult> CheckAsync(
        Guid groupId,
        [FromQuery(Name = "wait_seconds")] int? waitSeconds,
        [FromQuery(Name = "retry")] bool? retry,
        [FromQuery(Name = "report")] bool? report,
        [AsParameters] Page page,
        GroupCheck check,
        HttpContext http
    )
    {
        page.Check();
        if (waitSeconds is < 0 or > GroupCheck.MaxWaitSeconds)
            throw Problems.Invalid("wait_seconds", $"must be from 0 to {GroupCheck.MaxWaitSeconds}");
        if (waitSeconds > 0 && report == false)
            throw Problems.Invalid("wait_seconds", "must be left out with report=false: nobody is asked");
        var wanted = new CheckRequest(waitSeconds ?? 0, retry ?? false, report ?? true);
        if (await check.RunAsync(groupId, wanted, page, http.RequestAborted) is not { } checkedNow)
            return Problems.NotFound("sync group", groupId);
        Page.SetTotal(http, checkedNow.Total);
        return TypedResults.Json(checkedNow.Answer, statusCode: 202);
    }

    private static async Task<IResult> StatusAsync(
        Guid groupId,
        Caller caller,
        GroupEdges reads,
        CancellationToken cancellation
    ) => TypedResults.Ok(await reads.StatusAsync(groupId, caller, cancellation));

    private static async Task<IResult> MismatchesAsync(
        Guid groupId,
        [AsParameters] Page page,
        Caller caller,
        GroupEdges reads,
        HttpContext http
    )
    {
        page.Check();
        var answer = await reads.MismatchesAsync(groupId, page, caller, http.RequestAborted);
        Page.SetTotal(http, answer.Count);
        return TypedResults.Ok(answer);
    }

    private static async Task<IResult> AnalysisAsync(
        Guid groupId,
        [AsParameters] Page page,
        Caller caller,
        GroupEdges reads,
        HttpContext http
    )
    {
        page.Check();
        var answer = await reads.AnalysisAsync(groupId, page, caller, http.RequestAborted);
        Page.SetTotal(http, answer.TotalDatasets);
        return TypedResults.Ok(answer);
    }

    private static async Task<IResult> ActionsAsync(
        Guid groupId,
        [FromQuery(Name = "system_id")] Guid? systemId,
        Caller caller,
        GroupEdges reads,
        ScriptWork work,
        CancellationToken cancellation
    )
    {
        var group = await reads.FindAsync(groupId, caller, cancellation);
        var systems = systemId is { } one ? [one] : group.SystemIds;
        if (caller.OnlySystem is { } own)
            systems = [.. systems.Where(s => s == own)];
        var actions = new List<SyncAction>();
        foreach (var system in systems)
            actions.AddRange((await work.ForAsync(system, groupId, false, false, cancellation)).Actions);
        return TypedResults.Ok<IReadOnlyList<SyncAction>>(actions);
    }
}

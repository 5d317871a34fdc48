using Microsoft.AspNetCore.Mvc;
using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Pages;
using ZfsSync.Witness.Http;

namespace ZfsSync.Witness.Features.Fleet;

/// <summary>The first page, the forms on it, and the events that keep it fresh.</summary>
internal static class FleetEndpoints
{
    private static readonly Dictionary<string, string> Notices = new(StringComparer.Ordinal)
    {
        ["approved"] = "Approved. An agent carries it out if nothing has changed until then.",
        ["stale"] = "Not approved: what the repair would do has changed since it was shown. Look again.",
        ["stopping"] = "The agent was asked to stop. What has arrived is kept, and resumed in a while.",
        ["ended"] = "Nothing was running any more.",
    };

    public static void MapFleet(this IEndpointRouteBuilder pages)
    {
        pages.MapGet("/", ShowAsync).RequireAuthorization(Allow.Viewer);
        pages.MapGet("/events/fleet", Events).RequireAuthorization(Allow.Viewer);
        pages.MapPost("/fleet/edges/{id}/repairs", ApproveAsync).RequireAuthorization(Allow.Operator);
        pages.MapPost("/fleet/edges/{id}/stop", StopAsync).RequireAuthorization(Allow.Operator);
    }

    private static async Task<IResult> ShowAsync(
        [FromQuery(Name = "notice")] string? notice,
        HttpContext http,
        Caller caller,
        FormTokens tokens,
        FleetReading reading
    ) =>
        PageServices.Page<FleetPage>(
            new Dictionary<string, object?>
            {
                ["View"] = await reading.NowAsync(http.RequestAborted),
                ["Visitor"] = tokens.VisitorOf(http, caller),
                ["Notice"] = notice is null ? null : Notices.GetValueOrDefault(notice),
            }
        );

    private static IResult Events(FleetEvents events, CancellationToken cancellation) =>
        TypedResults.ServerSentEvents(events.StreamAsync(cancellation));

    private static async Task<IResult> ApproveAsync(
        string id,
        HttpContext http,
        Caller caller,
        FormTokens tokens,
        RepairConsent consent
    )
    {
        var form = await tokens.ReadAsync(http);
        if (RepairNames.Parse(form["kind"]) is not { } kind)
            throw Problems.Invalid("kind", "is no kind of repair");
        var destroys = form["destroys"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries);
        var guids = new List<SnapshotGuid>();
        foreach (var text in destroys)
        {
            if (!SnapshotGuid.TryParse(text, out var guid))
                throw Problems.Invalid("destroys", $"holds '{text}', which is no guid");
            guids.Add(guid);
        }
        try
        {
            var approval = new RepairApproval { Kind = kind, Destroys = guids };
            await consent.ApproveAsync(id, approval, caller, http.RequestAborted);
            return new SeeOther($"/?notice=approved#edge-{Uri.EscapeDataString(id)}");
        }
        catch (RefusedException refused) when (refused.Problem.Status == StatusCodes.Status409Conflict)
        {
            return new SeeOther($"/?notice=stale#edge-{Uri.EscapeDataString(id)}");
        }
    }

    private static async Task<IResult> StopAsync(
        string id,
        HttpContext http,
        Caller caller,
        FormTokens tokens,
        RunStop stop
    )
    {
        await tokens.ReadAsync(http);
        var asked = await stop.RequestAsync(id, caller, http.RequestAborted);
        return new SeeOther(asked ? "/?notice=stopping" : "/?notice=ended");
    }
}

using ZfsSync.Contracts;
using ZfsSync.Contracts.Reports;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Http;

namespace ZfsSync.Witness.Features.Reports;

/// <summary>Where agents report.</summary>
internal static class ReportEndpoints
{
    public static void AddReports(this IServiceCollection services)
    {
        services.AddSingleton<ReportStore>();
        services.AddSingleton<ReportRequestStore>();
        services.AddSingleton<ReportInput>();
        services.AddSingleton<ReportIntake>();
        services.AddSingleton<InventoryUpdate>();
    }

    public static void MapReports(this IEndpointRouteBuilder api) =>
        api.MapPost(
                $"{Routes.Systems}/{{id}}/reports",
                async (Guid id, Body<InventoryReport> body, ReportIntake intake, CancellationToken cancellation) =>
                    TypedResults.Ok(await intake.TakeAsync(id, body, cancellation))
            )
            .RequireAuthorization(Allow.Host)
            .WithTags("Reports");
}

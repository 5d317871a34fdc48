using ZfsSync.Contracts.Keys;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Pages;
using ZfsSync.Witness.Features.SignIn;

namespace ZfsSync.Witness.Features.ApiPage;

/// <summary>The description of the API at /openapi/v1.json, and its page at /docs: all from this program, nothing from the network.</summary>
internal static class ApiPageServices
{
    private const string Document = "/openapi/v1.json";
    private const string Page = "/docs";

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi("v1");

    public static void MapApiDocument(this IEndpointRouteBuilder app) =>
        app.MapOpenApi("/openapi/{documentName}.json")
            .RequireAuthorization(Allow.Viewer)
            .WithMetadata(PageMark.Instance);

    /// <summary>The page's files come from a package's middleware, which knows no callers; so it is asked here, before authorization.</summary>
    public static void UseApiPage(this WebApplication app)
    {
        app.Use(
            (http, next) =>
            {
                if (
                    !http.Request.Path.StartsWithSegments(Page, StringComparison.Ordinal)
                    || http.Features.Get<Caller>()?.IsAtLeast(KeyKind.Viewer) is true
                )
                    return next(http);
                http.Response.Redirect($"{SignInEndpoints.Path}?return_to={Uri.EscapeDataString(Page)}");
                return Task.CompletedTask;
            }
        );
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = Page.TrimStart('/');
            page.DocumentTitle = "zfs-sync API";
            page.SwaggerEndpoint(Document, "zfs-sync");
        });
    }
}

using Microsoft.AspNetCore.Http.HttpResults;
using ZfsSync.Witness.Features.Fleet;
using ZfsSync.Witness.Features.SignIn;
using ZfsSync.Witness.Hosting;

namespace ZfsSync.Witness.Features.Pages;

/// <summary>What the pages are made of, and where they are.</summary>
internal static class PageServices
{
    public static void AddPages(this IServiceCollection services, WitnessOptions options)
    {
        services.AddRazorComponents();
        // It warns of every page with a form that the page is not cached, as it should not be.
        services.AddLogging(logs => logs.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Error));
        services.AddAntiforgery(form =>
        {
            form.FormFieldName = "form_token";
            form.Cookie.Name = options.UsesTls ? "__Host-zfs-sync-form" : "zfs-sync-form";
            form.Cookie.SameSite = SameSiteMode.Strict;
            form.Cookie.SecurePolicy = options.UsesTls ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
            form.Cookie.IsEssential = true;
            form.SuppressXFrameOptionsHeader = true;
        });
        services.AddSingleton<FormTokens>();
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<FleetReading>();
        services.AddSingleton<FleetEvents>();
    }

    public static void MapPages(this IEndpointRouteBuilder app)
    {
        var pages = app.MapGroup("").ExcludeFromDescription().WithMetadata(PageMark.Instance);
        pages.MapAssets();
        pages.MapSignIn();
        pages.MapFleet();
    }

    public static RazorComponentResult<TPage> Page<TPage>(IReadOnlyDictionary<string, object?> parameters)
        where TPage : Microsoft.AspNetCore.Components.IComponent =>
        new(parameters) { PreventStreamingRendering = true };
}

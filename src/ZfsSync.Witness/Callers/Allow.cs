using Microsoft.AspNetCore.Authorization;
using ZfsSync.Contracts.Keys;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Callers;

/// <summary>
/// Who may call an endpoint, as metadata of its route group: <c>group.RequireAuthorization(Allow.Viewer)</c>. An
/// endpoint that says nothing is for admins alone; <c>AllowAnonymous</c> is for the few that the route walk lists.
/// </summary>
internal static class Allow
{
    /// <summary>People who read, and hosts for what concerns them: the endpoint narrows by <see cref="Caller.OnlySystem"/>.</summary>
    public const string Reader = "reader";

    public const string Viewer = "viewer";

    public const string Operator = "operator";

    public const string Admin = "admin";

    /// <summary>Register hosts.</summary>
    public const string Enroll = "enroll";

    /// <summary>The host of the path's <c>{id}</c> or <c>{systemId}</c>, for its own rows; and operators.</summary>
    public const string Host = "host";

    /// <summary>As <see cref="Host"/>, and viewers too: for reading.</summary>
    public const string HostReader = "host-reader";

    public static IServiceCollection AddCallers(this IServiceCollection services)
    {
        services.AddSingleton<KeyStore>();
        services.AddSingleton<KeyCallers>();
        services.AddSingleton<FailedSignIns>();
        services.AddSingleton<KeyUses>();
        services.AddHostedService(provider => provider.GetRequiredService<KeyUses>());
        services
            .AddAuthentication(KeyAuthentication.SchemeName)
            .AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, KeyAuthentication>(
                KeyAuthentication.SchemeName,
                null
            );
        var policies = services
            .AddAuthorizationBuilder()
            .AddPolicy(Reader, Roles(KeyKind.System, KeyKind.Viewer, KeyKind.Operator, KeyKind.Admin))
            .AddPolicy(Viewer, Roles(KeyKind.Viewer, KeyKind.Operator, KeyKind.Admin))
            .AddPolicy(Operator, Roles(KeyKind.Operator, KeyKind.Admin))
            .AddPolicy(Admin, Roles(KeyKind.Admin))
            .AddPolicy(Enroll, Roles(KeyKind.Enrollment, KeyKind.Admin))
            .AddPolicy(Host, OwnHostOr(KeyKind.Operator))
            .AddPolicy(HostReader, OwnHostOr(KeyKind.Viewer));
        policies.SetFallbackPolicy(AdminWhereNothingIsSaid());
        return services;
    }

    private static AuthorizationPolicy Roles(params KeyKind[] kinds) =>
        new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser()
            .RequireRole(kinds.Select(EnumText<KeyKind>.Of))
            .Build();

    /// <summary>A path or method that does not exist is nobody's secret for callers with a key: they get 404 or 405.</summary>
    private static AuthorizationPolicy AdminWhereNothingIsSaid() =>
        new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser()
            .RequireAssertion(context =>
                context.Resource is HttpContext http
                && (http.GetEndpoint() is not RouteEndpoint || http.Features.Get<Caller>()?.Kind == KeyKind.Admin)
            )
            .Build();

    private static AuthorizationPolicy OwnHostOr(KeyKind kind) =>
        new AuthorizationPolicyBuilder()
            .RequireAuthenticatedUser()
            .RequireAssertion(context => context.Resource is HttpContext http && IsOwnHostOr(kind, http))
            .Build();

    private static bool IsOwnHostOr(KeyKind kind, HttpContext http)
    {
        var caller = http.Features.Get<Caller>();
        var id = http.GetRouteValue("systemId") ?? http.GetRouteValue("id");
        return caller is not null
            && (
                caller.IsAtLeast(kind)
                || (caller.SystemId is { } own && Guid.TryParse(id?.ToString(), out var asked) && asked == own)
            );
    }
}

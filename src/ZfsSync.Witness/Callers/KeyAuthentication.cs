using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using ZfsSync.Contracts.Keys;
using ZfsSync.Witness.Features.Pages;
using ZfsSync.Witness.Features.SignIn;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Callers;

/// <summary>Finds the caller of a request by its key: <c>X-API-Key: KEY</c> or <c>Authorization: Bearer KEY</c>.</summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logs,
    UrlEncoder encoder,
    KeyCallers callers,
    SessionCookie sessions
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "Key";
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var session = MaySessionSpeak ? sessions.Read(Context) : null;
        var text = SentKey();
        if (text is null && session is null)
            return AuthenticateResult.NoResult();
        var address = Context.Connection.RemoteIpAddress?.ToString() ?? "";
        var caller = text is null
            ? await callers.FindBySessionAsync(session!.Value, Context.RequestAborted)
            : await callers.FindAsync(text, address, Context.RequestAborted);
        if (caller is null)
            return AuthenticateResult.Fail("unknown key");
        Context.Features.Set(caller);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Role, EnumText<KeyKind>.Of(caller.Kind))], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    /// <summary>
    /// A browser sends the session's cookie along with whatever page it is led to. So a session changes things only
    /// through a page's form, which carries a token, and never through the API.
    /// </summary>
    private bool MaySessionSpeak => HttpMethods.IsGet(Request.Method) || HttpMethods.IsHead(Request.Method) || IsPage;

    private bool IsPage => Context.GetEndpoint()?.Metadata.GetMetadata<PageMark>() is not null;

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (
            IsPage
            && HttpMethods.IsGet(Request.Method)
            && !Request.Path.StartsWithSegments("/events", StringComparison.Ordinal)
        )
        {
            var asked = Request.Path.Value is null or "/" ? "" : $"?return_to={Uri.EscapeDataString(Request.Path)}";
            Response.Redirect($"{SignInEndpoints.Path}{asked}");
            return Task.CompletedTask;
        }
        Response.Headers.WWWAuthenticate = "Bearer";
        Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private string? SentKey()
    {
        if (Request.Headers["X-API-Key"].ToString() is { Length: > 0 } key)
            return key.Trim();
        var authorization = Request.Headers.Authorization.ToString();
        return authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase)
            ? authorization[Bearer.Length..].Trim()
            : null;
    }
}

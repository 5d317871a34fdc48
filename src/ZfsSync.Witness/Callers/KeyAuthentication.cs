using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using ZfsSync.Contracts.Keys;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Callers;

/// <summary>Finds the caller of a request by its key: <c>X-API-Key: KEY</c> or <c>Authorization: Bearer KEY</c>.</summary>
internal sealed class KeyAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logs,
    UrlEncoder encoder,
    KeyCallers callers
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "Key";
    private const string Bearer = "Bearer ";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (SentKey() is not { Length: > 0 } text)
            return AuthenticateResult.NoResult();
        var address = Context.Connection.RemoteIpAddress?.ToString() ?? "";
        var caller = await callers.FindAsync(text, address, Context.RequestAborted);
        if (caller is null)
            return AuthenticateResult.Fail("unknown key");
        Context.Features.Set(caller);
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Role, EnumText<KeyKind>.Of(caller.Kind))], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
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

using Microsoft.AspNetCore.Mvc;
using ZfsSync.Contracts.Keys;
using ZfsSync.Witness.Callers;
using ZfsSync.Witness.Features.Pages;

namespace ZfsSync.Witness.Features.SignIn;

/// <summary>Signing in by pasting a key, and out again.</summary>
internal static class SignInEndpoints
{
    public const string Path = "/sign-in";

    public static void MapSignIn(this IEndpointRouteBuilder pages)
    {
        pages.MapGet(Path, Show).AllowAnonymous();
        pages.MapPost(Path, SignInAsync).AllowAnonymous();
        pages.MapPost("/sign-out", SignOutAsync).RequireAuthorization(Allow.Viewer);
    }

    private static IResult Show(
        [FromQuery(Name = "return_to")] string? returnTo,
        HttpContext http,
        FormTokens tokens
    ) => Page(http, tokens, returnTo, null);

    private static async Task<IResult> SignInAsync(
        HttpContext http,
        FormTokens tokens,
        KeyCallers callers,
        SessionCookie session
    )
    {
        var form = await tokens.ReadAsync(http);
        var returnTo = form["return_to"].ToString();
        var address = http.Connection.RemoteIpAddress?.ToString() ?? "";
        var caller = await callers.FindAsync(form["key"].ToString().Trim(), address, http.RequestAborted);
        if (caller is null)
            return Page(http, tokens, returnTo, "This key is unknown, expired or revoked.");
        if (!caller.IsAtLeast(KeyKind.Viewer))
            return Page(http, tokens, returnTo, "This key belongs to a host or is for enrollment; it opens no page.");
        session.Issue(http, caller.KeyId);
        return new SeeOther(Local(returnTo));
    }

    private static async Task<IResult> SignOutAsync(HttpContext http, FormTokens tokens, SessionCookie session)
    {
        await tokens.ReadAsync(http);
        session.Clear(http);
        return new SeeOther(Path);
    }

    private static IResult Page(HttpContext http, FormTokens tokens, string? returnTo, string? fault)
    {
        var (field, token) = tokens.Issue(http);
        if (fault is not null)
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return PageServices.Page<SignInPage>(
            new Dictionary<string, object?>
            {
                ["TokenField"] = field,
                ["Token"] = token,
                ["ReturnTo"] = Local(returnTo),
                ["Fault"] = fault,
            }
        );
    }

    /// <summary>Only a path of our own, so that a link cannot send a person elsewhere after signing in.</summary>
    private static string Local(string? path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.Any(char.IsControl) ? path : "/";
}

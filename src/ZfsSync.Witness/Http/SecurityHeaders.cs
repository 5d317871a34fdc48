using ZfsSync.Contracts;
using ZfsSync.Witness.Hosting;

namespace ZfsSync.Witness.Http;

/// <summary>
/// Headers that every answer carries, and the check of the Host header: a witness on loopback answers only to
/// loopback's names, so that a page in the user's browser cannot reach it under a name of its own (DNS rebinding).
/// </summary>
internal sealed class SecurityHeaders(RequestDelegate next, WitnessOptions options)
{
    private const string ContentPolicy =
        "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";

    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers.ContentSecurityPolicy = ContentPolicy;
        headers.CacheControl = "no-store";
        if (options.UsesTls)
            headers.StrictTransportSecurity = "max-age=31536000";
        return IsKnown(http.Request.Host.Host) ? next(http) : RefuseAsync(http);
    }

    private bool IsKnown(string host) =>
        !options.IsLoopback
        || host is "localhost" or "127.0.0.1" or "::1" or "[::1]"
        || options.AllowedHosts.Contains("*")
        || options.AllowedHosts.Contains(host, StringComparer.OrdinalIgnoreCase);

    private static Task RefuseAsync(HttpContext http) =>
        Problems.WriteAsync(
            http,
            Problems.Of(
                StatusCodes.Status400BadRequest,
                ProblemCodes.InvalidInput,
                $"This witness listens on loopback and does not answer to the name '{http.Request.Host.Host}'. Use localhost, or add the name to ZFS_SYNC_ALLOWED_HOSTS."
            )
        );
}

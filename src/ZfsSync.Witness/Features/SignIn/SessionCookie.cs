using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using ZfsSync.Witness.Hosting;

namespace ZfsSync.Witness.Features.SignIn;

/// <summary>
/// Keeps a person signed in: the id of their key, sealed. The key itself is looked at again with every request, so that
/// a session ends with its key.
/// </summary>
internal sealed class SessionCookie(IDataProtectionProvider protection, WitnessOptions options, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);
    private readonly IDataProtector protector = protection.CreateProtector("zfs-sync session v1");

    private string Name => options.UsesTls ? "__Host-zfs-sync" : "zfs-sync-session";

    public void Issue(HttpContext http, Guid keyId)
    {
        var expires = time.GetUtcNow() + Lifetime;
        var text = string.Create(CultureInfo.InvariantCulture, $"{keyId:N} {expires.ToUnixTimeSeconds()}");
        http.Response.Cookies.Append(Name, protector.Protect(text), Settings());
    }

    public void Clear(HttpContext http) => http.Response.Cookies.Delete(Name, Settings());

    /// <summary>The key of the session, or null when there is none that holds.</summary>
    public Guid? Read(HttpContext http)
    {
        if (http.Request.Cookies[Name] is not { Length: > 0 } text)
            return null;
        try
        {
            var parts = protector.Unprotect(text).Split(' ');
            return time.GetUtcNow().ToUnixTimeSeconds() < long.Parse(parts[1], CultureInfo.InvariantCulture)
                ? Guid.ParseExact(parts[0], "N")
                : null;
        }
        catch (CryptographicException)
        {
            // Changed, or sealed by another witness.
            return null;
        }
    }

    private CookieOptions Settings() =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = options.UsesTls,
            Path = "/",
            IsEssential = true,
        };
}

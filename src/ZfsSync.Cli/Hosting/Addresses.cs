using System.Net;

namespace ZfsSync.Cli.Hosting;

/// <summary>The addresses of a witness that listens on this machine.</summary>
internal static class Addresses
{
    /// <summary>Where this machine itself reaches it.</summary>
    public static Uri Local(Uri listening) => IsAny(listening) ? With(listening, "127.0.0.1") : listening;

    /// <summary>Where other machines reach it; null when they cannot.</summary>
    public static Uri? Remote(Uri listening, string hostname) =>
        IsAny(listening) ? With(listening, hostname)
        : listening.IsLoopback ? null
        : listening;

    private static bool IsAny(Uri uri) =>
        IPAddress.TryParse(uri.Host.Trim('[', ']'), out var address)
        && (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any));

    private static Uri With(Uri uri, string host) => new UriBuilder(uri) { Host = host }.Uri;
}

using System.Collections.Frozen;
using System.Security.Cryptography;

namespace ZfsSync.Witness.Features.Pages;

/// <summary>The styles, script and picture of the pages: inside the program, so that it shows the same wherever it is started.</summary>
internal static class PageAssets
{
    private const string Prefix = "assets/";

    private static readonly FrozenDictionary<string, Asset> ByName = typeof(PageAssets)
        .Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .Select(Read)
        .ToFrozenDictionary(asset => asset.Name, StringComparer.Ordinal);

    /// <summary>The address of a file. It changes with the content, so that browsers may keep what they have.</summary>
    public static string Path(string name) => $"/assets/{ByName[name].Version}/{name}";

    public static void MapAssets(this IEndpointRouteBuilder app) =>
        app.MapGet(
                "/assets/{version}/{name}",
                (string version, string name, HttpContext http) =>
                {
                    if (!ByName.TryGetValue(name, out var asset) || asset.Version != version)
                        return Results.NotFound();
                    http.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
                    return Results.Bytes(asset.Content, asset.ContentType);
                }
            )
            .AllowAnonymous();

    private static Asset Read(string resource)
    {
        using var stream = typeof(PageAssets).Assembly.GetManifestResourceStream(resource)!;
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        var content = memory.ToArray();
        var name = resource[Prefix.Length..];
        var type = System.IO.Path.GetExtension(name) switch
        {
            ".css" => "text/css; charset=utf-8",
            ".js" => "text/javascript; charset=utf-8",
            ".svg" => "image/svg+xml",
            var other => throw new InvalidOperationException($"no content type is known for {other}"),
        };
        return new Asset(name, type, content, Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6)));
    }

    private sealed record Asset(string Name, string ContentType, byte[] Content, string Version);
}

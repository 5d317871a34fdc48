using System.Text.Json.Nodes;

namespace ZfsSync.Contracts.Systems;

/// <summary>The body of <c>POST /systems/register</c>.</summary>
public sealed record SystemRegistration
{
    /// <summary>Unique; 1 to 253 characters of letters, digits, <c>. - _</c>.</summary>
    public required string Hostname { get; init; }

    /// <summary>For people: <c>linux</c>, <c>freebsd</c>, …</summary>
    public required string Platform { get; init; }

    /// <summary>The name or address at which other hosts reach it with ssh.</summary>
    public string? SshHostname { get; init; }

    /// <summary>The user there.</summary>
    public string? SshUser { get; init; }

    /// <summary>The port there; 22 by default.</summary>
    public int SshPort { get; set; } = 22;

    /// <summary>Free labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Free data, kept as it is.</summary>
    public JsonObject? ExtraMetadata { get; init; }

    /// <summary>Accepted and ignored: the witness finds out itself.</summary>
    public ConnectivityStatus? ConnectivityStatus { get; init; }
}

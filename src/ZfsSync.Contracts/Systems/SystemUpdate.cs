using System.Text.Json.Nodes;

namespace ZfsSync.Contracts.Systems;

/// <summary>The body of <c>PUT /systems/{id}</c>: what is absent stays.</summary>
public sealed record SystemUpdate
{
    /// <summary>See <see cref="SystemRegistration.Hostname"/>.</summary>
    public string? Hostname { get; init; }

    /// <summary>See <see cref="SystemRegistration.Platform"/>.</summary>
    public string? Platform { get; init; }

    /// <summary>See <see cref="SystemRegistration.SshHostname"/>; an empty string removes it.</summary>
    public string? SshHostname { get; init; }

    /// <summary>See <see cref="SystemRegistration.SshUser"/>; an empty string removes it.</summary>
    public string? SshUser { get; init; }

    /// <summary>See <see cref="SystemRegistration.SshPort"/>.</summary>
    public int? SshPort { get; init; }

    /// <summary>Replaces all labels.</summary>
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Replaces all free data.</summary>
    public JsonObject? ExtraMetadata { get; init; }

    /// <summary>Accepted and ignored: the witness finds out itself.</summary>
    public ConnectivityStatus? ConnectivityStatus { get; init; }

    /// <summary>Accepted and ignored, as above.</summary>
    public string? LastSeen { get; init; }

    /// <summary>False lets a host's plans go on after a mass vanishing was looked at; true stops them. Operators only.</summary>
    public bool? Frozen { get; init; }
}

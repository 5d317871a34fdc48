using ZfsSync.Core.Replication;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>What planning must know of a host besides its inventory.</summary>
internal sealed record HostFacts
{
    public required Guid Id { get; init; }
    public required HostStanding Standing { get; init; }
    public string? SshHostname { get; init; }
    public string? SshUser { get; init; }
    public int SshPort { get; init; } = 22;

    /// <summary>Whether an agent has ever reported for it; a host without one is served through <c>GET /sync/instructions</c>.</summary>
    public bool HasAgent { get; init; }

    /// <summary>All that are known, also those that are missing now.</summary>
    public IReadOnlyList<string> Pools { get; init; } = [];

    /// <summary>Those of them that the host does not report any more.</summary>
    public IReadOnlyCollection<string> MissingPools { get; init; } = [];

    /// <summary>When its last accepted report came, by the witness's clock.</summary>
    public DateTimeOffset? LastReport { get; init; }

    public string Hostname => Standing.Hostname;
}

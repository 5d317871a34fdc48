using System.Text.Json.Nodes;

namespace ZfsSync.Contracts.Systems;

/// <summary>A host as the witness knows it.</summary>
public sealed record SystemResource
{
    /// <summary>Its id.</summary>
    public required Guid Id { get; init; }

    /// <summary>Its unique name.</summary>
    public required string Hostname { get; init; }

    /// <summary>For people.</summary>
    public required string Platform { get; init; }

    /// <summary>Whether it is heard of.</summary>
    public ConnectivityStatus ConnectivityStatus { get; init; }

    /// <summary>Where other hosts reach it with ssh.</summary>
    public string? SshHostname { get; init; }

    /// <summary>The user there.</summary>
    public string? SshUser { get; init; }

    /// <summary>The port there.</summary>
    public int SshPort { get; set; } = 22;

    /// <summary>Free labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; set; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Free data.</summary>
    public JsonObject? ExtraMetadata { get; init; }

    /// <summary>The last report or heartbeat.</summary>
    public DateTimeOffset? LastSeen { get; init; }

    /// <summary>The last accepted report.</summary>
    public DateTimeOffset? LastReport { get; init; }

    /// <summary>When somebody last asked its agent to report at once.</summary>
    public DateTimeOffset? ReportRequestedAt { get; init; }

    /// <summary>The latest such request that a report has answered, one that began after the agent knew of it.</summary>
    public DateTimeOffset? ReportAnsweredAt { get; init; }

    /// <summary>The host's clock minus the witness's; positive when it is ahead.</summary>
    public double? ClockSkewSeconds { get; init; }

    /// <summary>As <c>zfs version</c> says.</summary>
    public string? ZfsVersion { get; init; }

    /// <summary>The agent's version; absent for hosts without one.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>Its pools at the last report.</summary>
    public IReadOnlyList<Reports.ReportedPool> Pools { get; set; } = [];

    /// <summary>Why its plans stand still until a person says go on; absent when they do not.</summary>
    public string? FrozenReason { get; init; }

    /// <summary>Whether this is a simulated host of the demo.</summary>
    public bool Simulated { get; init; }

    /// <summary>The first registration.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The last change of what people set.</summary>
    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The host's key; only in the answer to its registration.</summary>
    public string? ApiKey { get; init; }
}

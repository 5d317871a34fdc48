using System.Text.Json;
using System.Text.Json.Nodes;
using ZfsSync.Contracts.Json;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Witness.Features.Systems;

/// <summary>A row of <c>systems</c>.</summary>
internal sealed record SystemRow
{
    public const string Columns =
        "id, hostname, platform, ssh_hostname, ssh_user, ssh_port, labels, extra_metadata, zfs_version, agent_version, pools, simulated, frozen_reason, clock_skew_us, agent_id, agent_seen_at, last_seen, last_report, last_sequence, report_scope, report_digest, report_complete, report_in_full, report_requested_at, report_answered_at, created_at, updated_at";

    public Guid Id { get; init; }

    public string Hostname { get; init; } = "";

    public string Platform { get; init; } = "";

    public string? SshHostname { get; init; }

    public string? SshUser { get; init; }

    public int SshPort { get; init; } = 22;

    public string Labels { get; init; } = "{}";

    public string? ExtraMetadata { get; init; }

    public string? ZfsVersion { get; init; }

    public string? AgentVersion { get; init; }

    public string Pools { get; init; } = "[]";

    public bool Simulated { get; init; }

    public string? FrozenReason { get; init; }

    /// <summary>The host's clock minus ours, in microseconds.</summary>
    public long? ClockSkewUs { get; init; }

    public string? AgentId { get; init; }

    public DateTimeOffset? AgentSeenAt { get; init; }

    public DateTimeOffset? LastSeen { get; init; }

    public DateTimeOffset? LastReport { get; init; }

    public long LastSequence { get; init; }

    public string? ReportScope { get; init; }

    public string? ReportDigest { get; init; }

    public bool ReportComplete { get; init; }

    public bool ReportInFull { get; init; }

    /// <summary>When somebody last asked it to report at once.</summary>
    public DateTimeOffset? ReportRequestedAt { get; init; }

    /// <summary>The latest such request that a report has answered.</summary>
    public DateTimeOffset? ReportAnsweredAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    public SystemResource ToResource(Connectivity connectivity) =>
        new()
        {
            Id = Id,
            Hostname = Hostname,
            Platform = Platform,
            ConnectivityStatus = connectivity.StatusOf(LastSeen),
            SshHostname = SshHostname,
            SshUser = SshUser,
            SshPort = SshPort,
            Labels = JsonSerializer.Deserialize(Labels, WireJson.Default.IReadOnlyDictionaryStringString)!,
            ExtraMetadata = ExtraMetadata is null ? null : JsonNode.Parse(ExtraMetadata)!.AsObject(),
            LastSeen = LastSeen,
            LastReport = LastReport,
            ReportRequestedAt = ReportRequestedAt,
            ReportAnsweredAt = ReportAnsweredAt,
            ClockSkewSeconds = ClockSkewUs / 1e6,
            ZfsVersion = ZfsVersion,
            AgentVersion = AgentVersion,
            Pools = JsonSerializer.Deserialize(Pools, WireJson.Default.IReadOnlyListReportedPool)!,
            FrozenReason = FrozenReason,
            Simulated = Simulated,
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
        };
}

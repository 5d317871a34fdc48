namespace ZfsSync.Witness.Features.Reports;

/// <summary>What an accepted report leaves in its host's row.</summary>
internal sealed record AcceptedReport
{
    public required Guid SystemId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required long Sequence { get; init; }

    public required string Scope { get; init; }

    /// <summary>Null when the datasets are not what the report's digest was made of: then the next one must bring them again.</summary>
    public required string? Digest { get; init; }

    public required bool Complete { get; init; }

    public required bool ReportInFull { get; init; }

    public DateTimeOffset? ReportAnsweredAt { get; init; }

    public required long ClockSkewUs { get; init; }

    public string? ZfsVersion { get; init; }

    public string? AgentVersion { get; init; }

    public string? Pools { get; init; }

    public bool Simulated { get; init; }

    public string? FrozenReason { get; init; }
}

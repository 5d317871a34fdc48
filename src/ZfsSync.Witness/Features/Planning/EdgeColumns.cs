using System.Text.Json;
using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>An edge in the form of its columns.</summary>
internal record EdgeColumns
{
    public static readonly IReadOnlyList<string> Names =
    [
        "id",
        "group_id",
        "logical_dataset",
        "parent_dataset",
        "source_system_id",
        "source_root",
        "source_dataset",
        "target_system_id",
        "target_root",
        "target_dataset",
        "state",
        "decision",
        "reason",
        "conflict",
        "document",
        "lag_snapshots",
        "lag_seconds",
        "late_at",
        "proven_guid",
        "proven_name",
        "proven_created_at",
        "last_in_sync_at",
        "matched_by_name",
        "pinned",
        "failures",
        "last_error",
        "retry_at",
        "raw_lineage_broken",
        "due_at",
        "decided_at",
        "version",
    ];

    public string Id { get; init; } = "";
    public Guid GroupId { get; init; }
    public string LogicalDataset { get; init; } = "";
    public string? ParentDataset { get; init; }
    public Guid SourceSystemId { get; init; }
    public string SourceRoot { get; init; } = "";
    public string SourceDataset { get; init; } = "";
    public Guid TargetSystemId { get; init; }
    public string TargetRoot { get; init; } = "";
    public string TargetDataset { get; init; } = "";
    public string State { get; init; } = "";
    public string Decision { get; init; } = "";
    public string? Reason { get; init; }
    public string? Conflict { get; init; }
    public string Document { get; init; } = "";
    public int LagSnapshots { get; init; }
    public long? LagSeconds { get; init; }
    public DateTimeOffset? LateAt { get; init; }
    public SnapshotGuid? ProvenGuid { get; init; }
    public string? ProvenName { get; init; }
    public DateTimeOffset? ProvenCreatedAt { get; init; }
    public DateTimeOffset? LastInSyncAt { get; init; }
    public bool MatchedByName { get; init; }
    public string? Pinned { get; init; }
    public int Failures { get; init; }
    public string? LastError { get; init; }
    public DateTimeOffset? RetryAt { get; init; }
    public bool RawLineageBroken { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset DecidedAt { get; init; }
    public long Version { get; init; }

    public static EdgeColumns Of(EdgeRow row) =>
        new()
        {
            Id = row.Id,
            GroupId = row.GroupId,
            LogicalDataset = row.LogicalDataset,
            ParentDataset = row.WaitsFor ?? LogicalName.ParentOf(row.LogicalDataset),
            SourceSystemId = row.SourceSystemId,
            SourceRoot = row.SourceRoot,
            SourceDataset = row.SourceDataset,
            TargetSystemId = row.TargetSystemId,
            TargetRoot = row.TargetRoot,
            TargetDataset = row.TargetDataset,
            State = EnumText<EdgeState>.Of(row.State),
            Decision = EnumText<DecisionKind>.Of(row.Decision),
            Reason = row.Reason is { } reason ? EnumText<ReasonCode>.Of(reason) : null,
            Conflict = row.Conflict is { } conflict ? EnumText<ConflictKind>.Of(conflict) : null,
            Document = JsonSerializer.Serialize(row.View, PlanningJson.Default.DecisionView),
            LagSnapshots = row.LagSnapshots,
            LagSeconds = row.LagSeconds,
            LateAt = row.LateAt,
            ProvenGuid = row.ProvenGuid,
            ProvenName = row.ProvenName,
            ProvenCreatedAt = row.ProvenCreatedAt,
            LastInSyncAt = row.LastInSyncAt,
            MatchedByName = row.MatchedByName,
            Pinned = row.Pinned is { } flags ? JsonSerializer.Serialize(flags, PlanningJson.Default.SendFlags) : null,
            Failures = row.Failures,
            LastError = row.LastError,
            RetryAt = row.RetryAt,
            RawLineageBroken = row.RawLineageBroken,
            DueAt = row.DueAt,
            DecidedAt = row.DecidedAt,
            Version = row.Version,
        };

    public EdgeRow ToRow() =>
        new()
        {
            Id = Id,
            GroupId = GroupId,
            LogicalDataset = LogicalDataset,
            SourceSystemId = SourceSystemId,
            SourceRoot = SourceRoot,
            SourceDataset = SourceDataset,
            TargetSystemId = TargetSystemId,
            TargetRoot = TargetRoot,
            TargetDataset = TargetDataset,
            State = EnumText<EdgeState>.Parse(State),
            Decision = EnumText<DecisionKind>.Parse(Decision),
            Reason = Reason is null ? null : EnumText<ReasonCode>.Parse(Reason),
            Conflict = Conflict is null ? null : EnumText<ConflictKind>.Parse(Conflict),
            View = JsonSerializer.Deserialize(Document, PlanningJson.Default.DecisionView)!,
            LagSnapshots = LagSnapshots,
            LagSeconds = LagSeconds,
            LateAt = LateAt,
            ProvenGuid = ProvenGuid,
            ProvenName = ProvenName,
            ProvenCreatedAt = ProvenCreatedAt,
            LastInSyncAt = LastInSyncAt,
            MatchedByName = MatchedByName,
            Pinned = Pinned is null ? null : JsonSerializer.Deserialize(Pinned, PlanningJson.Default.SendFlags),
            Failures = Failures,
            LastError = LastError,
            RetryAt = RetryAt,
            RawLineageBroken = RawLineageBroken,
            DueAt = DueAt,
            DecidedAt = DecidedAt,
            Version = Version,
        };
}

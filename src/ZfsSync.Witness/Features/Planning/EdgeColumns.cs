using System.Text.Json;
using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>An edge in the form of its columns.</summary>
internal record EdgeColumns
{
    /// <summary>What an edge is; the same as long as it is there.</summary>
    public static readonly IReadOnlyList<string> Identity =
    [
        "id",
        "group_id",
        "logical_dataset",
        "source_system_id",
        "source_root",
        "source_dataset",
        "target_system_id",
        "target_root",
        "target_dataset",
    ];

    /// <summary>What each decision may change.</summary>
    public static readonly IReadOnlyList<string> Decided =
    [
        "parent_dataset",
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
        "target_has_files",
        "due_at",
        "decided_at",
    ];

    public static readonly IReadOnlyList<string> Names = [.. Identity, .. Decided, "version"];

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
    public bool TargetHasFiles { get; init; }
    public DateTimeOffset? DueAt { get; init; }
    public DateTimeOffset DecidedAt { get; init; }
    public long Version { get; init; }

    public static void WriteIdentity(RowWriter writer, EdgeRow row)
    {
        writer.Add(row.Id);
        writer.Add(ColumnMapping.ToColumn(row.GroupId));
        writer.Add(row.LogicalDataset);
        writer.Add(ColumnMapping.ToColumn(row.SourceSystemId));
        writer.Add(row.SourceRoot);
        writer.Add(row.SourceDataset);
        writer.Add(ColumnMapping.ToColumn(row.TargetSystemId));
        writer.Add(row.TargetRoot);
        writer.Add(row.TargetDataset);
    }

    public static void WriteDecided(RowWriter writer, EdgeRow row)
    {
        writer.Add(row.WaitsFor ?? LogicalName.ParentOf(row.LogicalDataset));
        writer.Add(EnumText<EdgeState>.Of(row.State));
        writer.Add(EnumText<DecisionKind>.Of(row.Decision));
        writer.Add(row.Reason is { } reason ? EnumText<ReasonCode>.Of(reason) : null);
        writer.Add(row.Conflict is { } conflict ? EnumText<ConflictKind>.Of(conflict) : null);
        writer.Add(JsonSerializer.Serialize(row.View, PlanningJson.Default.DecisionView));
        writer.Add(row.LagSnapshots);
        writer.Add(row.LagSeconds);
        writer.Add(ColumnMapping.ToColumn(row.LateAt));
        writer.Add(ColumnMapping.ToColumn(row.ProvenGuid?.Value));
        writer.Add(row.ProvenName);
        writer.Add(ColumnMapping.ToColumn(row.ProvenCreatedAt));
        writer.Add(ColumnMapping.ToColumn(row.LastInSyncAt));
        writer.Add(row.MatchedByName);
        writer.Add(row.Pinned is { } flags ? JsonSerializer.Serialize(flags, PlanningJson.Default.SendFlags) : null);
        writer.Add(row.Failures);
        writer.Add(row.LastError);
        writer.Add(ColumnMapping.ToColumn(row.RetryAt));
        writer.Add(row.RawLineageBroken);
        writer.Add(row.TargetHasFiles);
        writer.Add(ColumnMapping.ToColumn(row.DueAt));
        writer.Add(ColumnMapping.ToMicroseconds(row.DecidedAt));
    }

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
            TargetHasFiles = TargetHasFiles,
            DueAt = DueAt,
            DecidedAt = DecidedAt,
            Version = Version,
        };
}

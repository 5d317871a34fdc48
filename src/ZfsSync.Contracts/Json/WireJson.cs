using System.Text.Json.Serialization;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Health;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Keys;
using ZfsSync.Contracts.Reports;
using ZfsSync.Contracts.Snapshots;
using ZfsSync.Contracts.Sync;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Contracts.Json;

/// <summary>
/// The JSON of the wire: snake_case, enums as strings, guids as decimal strings, absent instead of null. Clients use
/// <see cref="Default"/> and skip members they do not know; the witness refuses them in requests. An absent member is the
/// record's default, also that of an older witness or agent: for this, members with a default have <c>set</c>, because the
/// generated readers give an absent member with <c>init</c> its type's default.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.Unspecified,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.Strict,
    Converters = [
        typeof(SnapshotGuidConverter),
        typeof(SnakeCaseEnumConverter<Core.Snapshots.DatasetKind>),
        typeof(SnakeCaseEnumConverter<Core.Replication.ReasonCode>),
        typeof(SnakeCaseEnumConverter<Core.Replication.ConflictKind>),
        typeof(SnakeCaseEnumConverter<Core.Replication.RepairKind>),
        typeof(SnakeCaseEnumConverter<Core.Replication.TokenVerdict>),
        typeof(SnakeCaseEnumConverter<Core.Replication.InitialSend>),
        typeof(SnakeCaseEnumConverter<ConnectivityStatus>),
        typeof(SnakeCaseEnumConverter<ReportStatus>),
        typeof(SnakeCaseEnumConverter<GroupMode>),
        typeof(SnakeCaseEnumConverter<MemberRole>),
        typeof(SnakeCaseEnumConverter<TransferDirection>),
        typeof(SnakeCaseEnumConverter<Core.Replication.TransferEngine>),
        typeof(SnakeCaseEnumConverter<InstructionState>),
        typeof(SnakeCaseEnumConverter<InstructionKind>),
        typeof(SnakeCaseEnumConverter<StepKind>),
        typeof(SnakeCaseEnumConverter<OutcomeResult>),
        typeof(SnakeCaseEnumConverter<EdgeState>),
        typeof(SnakeCaseEnumConverter<DecisionKind>),
        typeof(SnakeCaseEnumConverter<KeyKind>),
    ]
)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(SystemRegistration))]
[JsonSerializable(typeof(SystemUpdate))]
[JsonSerializable(typeof(SystemResource))]
[JsonSerializable(typeof(IReadOnlyList<SystemResource>))]
[JsonSerializable(typeof(IReadOnlyList<SystemPartner>))]
[JsonSerializable(typeof(HeartbeatAnswer))]
[JsonSerializable(typeof(SystemKeyAnswer))]
[JsonSerializable(typeof(SystemHealth))]
[JsonSerializable(typeof(IReadOnlyList<SystemHealth>))]
[JsonSerializable(typeof(InventoryReport))]
[JsonSerializable(typeof(ReportAnswer))]
[JsonSerializable(typeof(GroupDefinition))]
[JsonSerializable(typeof(GroupResource))]
[JsonSerializable(typeof(IReadOnlyList<GroupResource>))]
[JsonSerializable(typeof(GroupMemberAddition))]
[JsonSerializable(typeof(Instruction))]
[JsonSerializable(typeof(IReadOnlyList<InstructionSummary>))]
[JsonSerializable(typeof(HoldsFound))]
[JsonSerializable(typeof(ClaimRequest))]
[JsonSerializable(typeof(ClaimAnswer))]
[JsonSerializable(typeof(ProgressReport))]
[JsonSerializable(typeof(ProgressAnswer))]
[JsonSerializable(typeof(OutcomeReport))]
[JsonSerializable(typeof(OutcomeAnswer))]
[JsonSerializable(typeof(RunResource))]
[JsonSerializable(typeof(IReadOnlyList<RunResource>))]
[JsonSerializable(typeof(EdgeResource))]
[JsonSerializable(typeof(IReadOnlyList<EdgeResource>))]
[JsonSerializable(typeof(RepairApproval))]
[JsonSerializable(typeof(ApprovalAnswer))]
[JsonSerializable(typeof(CheckAnswer))]
[JsonSerializable(typeof(KeyRequest))]
[JsonSerializable(typeof(KeyResource))]
[JsonSerializable(typeof(IReadOnlyList<KeyResource>))]
[JsonSerializable(typeof(SnapshotSubmission))]
[JsonSerializable(typeof(IReadOnlyList<SnapshotSubmission>))]
[JsonSerializable(typeof(SnapshotResource))]
[JsonSerializable(typeof(IReadOnlyList<SnapshotResource>))]
[JsonSerializable(typeof(BatchAnswer))]
[JsonSerializable(typeof(DatasetComparison))]
[JsonSerializable(typeof(SnapshotHistory))]
[JsonSerializable(typeof(SnapshotStatistics))]
[JsonSerializable(typeof(SnapshotDifferences))]
[JsonSerializable(typeof(SnapshotGaps))]
[JsonSerializable(typeof(SnapshotTimeline))]
[JsonSerializable(typeof(InstructionsAnswer))]
[JsonSerializable(typeof(StateClaim))]
[JsonSerializable(typeof(StateResource))]
[JsonSerializable(typeof(IReadOnlyList<StateResource>))]
[JsonSerializable(typeof(GroupStatus))]
[JsonSerializable(typeof(IReadOnlyList<SyncAction>))]
[JsonSerializable(typeof(MismatchesAnswer))]
[JsonSerializable(typeof(GroupAnalysis))]
public sealed partial class WireJson : JsonSerializerContext;

using System.Text.Json.Serialization;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Json;
using ZfsSync.Core.Replication;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>The JSON of what planning keeps in document columns.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [
        typeof(SnapshotGuidConverter),
        typeof(SnakeCaseEnumConverter<RepairKind>),
        typeof(SnakeCaseEnumConverter<StepKind>),
    ]
)]
[JsonSerializable(typeof(DecisionView))]
[JsonSerializable(typeof(SendFlags))]
internal sealed partial class PlanningJson : JsonSerializerContext;

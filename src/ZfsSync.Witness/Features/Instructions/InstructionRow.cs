using System.Text.Json;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Contracts.Json;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Instructions;

/// <summary>A row of <c>instructions</c>: the instruction, and its one execution.</summary>
internal sealed record InstructionRow
{
    public Guid Id { get; init; }
    public string EdgeId { get; init; } = "";
    public Guid GroupId { get; init; }
    public Guid ExecutorSystemId { get; init; }
    public string Kind { get; init; } = "";
    public string State { get; init; } = "";
    public string PlanKey { get; init; } = "";
    public string Document { get; init; } = "";
    public Guid? LeaseId { get; init; }
    public string? AgentId { get; init; }
    public DateTimeOffset? LeaseEndsAt { get; init; }
    public bool StopRequested { get; init; }
    public int Step { get; init; }
    public long Bytes { get; init; }
    public bool? Proven { get; init; }
    public string? ErrorKind { get; init; }
    public string? ErrorText { get; init; }
    public SnapshotGuid? ArrivedGuid { get; init; }
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public DateTimeOffset? OutcomeAt { get; init; }

    public InstructionState Phase => EnumText<InstructionState>.Parse(State);

    public Instruction ToInstruction() => JsonSerializer.Deserialize(Document, WireJson.Default.Instruction)!;

    public RunFacts ToFacts() => new(Phase, PlanKey, ToInstruction(), OutcomeAt, Proven);

    public UnitName ToUnit()
    {
        var instruction = ToInstruction();
        return new UnitName
        {
            GroupId = GroupId,
            LogicalDataset = instruction.LogicalDataset,
            TargetSystemId = instruction.Target.SystemId,
        };
    }

    public InstructionSummary ToSummary()
    {
        var instruction = ToInstruction();
        return new InstructionSummary(
            Id,
            EdgeId,
            instruction.LogicalDataset,
            instruction.Source.Dataset,
            instruction.Target.Dataset,
            instruction.EstimatedBytes
        )
        {
            AddsToCopy = instruction is { Kind: InstructionKind.Replicate, TargetNewestGuid: not null },
        };
    }

    public RunResource ToRun()
    {
        var instruction = ToInstruction();
        var last = instruction.Steps is [.., var end] ? end : null;
        return new RunResource
        {
            InstructionId = Id,
            EdgeId = EdgeId,
            SyncGroupId = GroupId,
            LogicalDataset = instruction.LogicalDataset,
            Kind = instruction.Kind,
            SourceHostname = instruction.Source.Hostname,
            SourceDataset = instruction.Source.Dataset,
            TargetHostname = instruction.Target.Hostname,
            TargetDataset = instruction.Target.Dataset,
            State = Phase,
            Proven = Proven,
            Bytes = Bytes,
            EstimatedBytes = instruction.EstimatedBytes,
            Step = Step,
            StepCount = instruction.Steps.Count,
            ToName = last?.ToName,
            ToGuid = last is { ToGuid.IsUnknown: false } ? last.ToGuid : null,
            ErrorKind = ErrorKind,
            ErrorText = ErrorText,
            CreatedAt = CreatedAt,
            StartedAt = StartedAt,
            FinishedAt = FinishedAt,
        };
    }
}

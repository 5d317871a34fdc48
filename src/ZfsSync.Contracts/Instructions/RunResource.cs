using ZfsSync.Core.Snapshots;

namespace ZfsSync.Contracts.Instructions;

/// <summary>One execution of an instruction.</summary>
public sealed record RunResource
{
    /// <summary>The instruction.</summary>
    public required Guid InstructionId { get; init; }

    /// <summary>Its edge.</summary>
    public required string EdgeId { get; init; }

    /// <summary>The group.</summary>
    public required Guid SyncGroupId { get; init; }

    /// <summary>The logical dataset.</summary>
    public required string LogicalDataset { get; init; }

    /// <summary>What it asked for.</summary>
    public InstructionKind Kind { get; init; }

    /// <summary>The source host's name.</summary>
    public required string SourceHostname { get; init; }

    /// <summary>The source dataset.</summary>
    public required string SourceDataset { get; init; }

    /// <summary>The target host's name.</summary>
    public required string TargetHostname { get; init; }

    /// <summary>The target dataset.</summary>
    public required string TargetDataset { get; init; }

    /// <summary>What it is now.</summary>
    public InstructionState State { get; init; }

    /// <summary>Whether the target's own inventory has shown the end of it; absent while that is open.</summary>
    public bool? Proven { get; init; }

    /// <summary>Moved so far.</summary>
    public long Bytes { get; init; }

    /// <summary>Expected to move; absent when nobody knows.</summary>
    public ulong? EstimatedBytes { get; init; }

    /// <summary>The step that runs, from 0, and how many there are.</summary>
    public int Step { get; init; }

    /// <summary>How many steps there are.</summary>
    public int StepCount { get; init; }

    /// <summary>The snapshot it leads to.</summary>
    public string? ToName { get; init; }

    /// <summary>The guid it leads to.</summary>
    public SnapshotGuid? ToGuid { get; init; }

    /// <summary>The class of the failure.</summary>
    public string? ErrorKind { get; init; }

    /// <summary>What the tool said.</summary>
    public string? ErrorText { get; init; }

    /// <summary>When it was planned.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was claimed.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? FinishedAt { get; init; }
}

using ZfsSync.Core.Snapshots;

namespace ZfsSync.Contracts.Instructions;

/// <summary>The body of <c>POST /instructions/{id}/outcome</c>. Sending it twice is harmless.</summary>
public sealed record OutcomeReport
{
    /// <summary>The lease. An outcome is kept even when the lease has ended, unless another agent has the instruction now.</summary>
    public required Guid LeaseId { get; init; }

    /// <summary>How it ended.</summary>
    public required OutcomeResult Result { get; init; }

    /// <summary>For failed: the class of the tool's error (snake_case); for refused: <c>stale_plan</c> or why else.</summary>
    public string? ErrorKind { get; init; }

    /// <summary>What the tool said, or what was not as expected; at most 4 KiB.</summary>
    public string? ErrorText { get; init; }

    /// <summary>Steps that worked.</summary>
    public int StepsDone { get; init; }

    /// <summary>What was moved.</summary>
    public long Bytes { get; init; }

    /// <summary>The start, by the agent's clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The end, by the agent's clock.</summary>
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>The guid of the target's newest snapshot, read back from the target.</summary>
    public SnapshotGuid? ArrivedGuid { get; init; }
}

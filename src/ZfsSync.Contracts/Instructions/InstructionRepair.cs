using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Contracts.Instructions;

/// <summary>An approved repair, with everything it may touch named by guid.</summary>
public sealed record InstructionRepair
{
    /// <summary>What to do.</summary>
    public required RepairKind Kind { get; init; }

    /// <summary>The snapshots of the target that may be destroyed; the agent refuses if it would destroy any other.</summary>
    public IReadOnlyList<SnapshotGuid> Destroys { get; set; } = [];

    /// <summary>For rollback: the snapshot to roll back to.</summary>
    public SnapshotGuid? RollbackToGuid { get; init; }

    /// <summary>For renaming snapshots: which.</summary>
    public IReadOnlyList<SnapshotGuid> RenameGuids { get; set; } = [];

    /// <summary>For renaming a dataset: its name now.</summary>
    public string? RenameFrom { get; init; }

    /// <summary>For renaming a dataset: its new name.</summary>
    public string? RenameTo { get; init; }
}

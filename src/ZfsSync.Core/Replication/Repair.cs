using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>One way out of a conflict.</summary>
/// <param name="Kind">The stable code that a person approves.</param>
/// <param name="Text">What it does and costs, in one sentence.</param>
public sealed record Repair(RepairKind Kind, string Text)
{
    /// <summary>The target's snapshots that it destroys; an approval must name exactly these.</summary>
    public IReadOnlyList<Snapshot> Destroys { get; init; } = [];

    /// <summary>Whether unsnapshotted writes on the target are lost.</summary>
    public bool LosesWrites { get; init; }

    /// <summary>The snapshot that the target is rolled back to (<see cref="RepairKind.Rollback"/>), as the target names it.</summary>
    public Snapshot? RollbackTo { get; init; }

    /// <summary>The target's snapshots that are renamed (<see cref="RepairKind.RenameTargetSnapshots"/>).</summary>
    public IReadOnlyList<Snapshot> Renames { get; init; } = [];

    /// <summary>The dataset to rename (<see cref="RepairKind.FollowRename"/>, <see cref="RepairKind.ReceiveBeside"/>).</summary>
    public DatasetName? RenameFrom { get; init; }

    /// <summary>Its new name.</summary>
    public DatasetName? RenameTo { get; init; }

    /// <summary>The bytes that will be sent again; null when nobody knows.</summary>
    public ulong? ResendBytes { get; init; }

    /// <summary>Whether zfs-sync can do it after an approval; false for <see cref="RepairKind.ReRead"/> and <see cref="RepairKind.ByHand"/>.</summary>
    public bool IsExecutable => Kind is not (RepairKind.ReRead or RepairKind.ByHand);
}

using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Contracts.Edges;

/// <summary>A way out of a conflict.</summary>
public sealed record RepairOption
{
    /// <summary>What to approve.</summary>
    public required RepairKind Kind { get; init; }

    /// <summary>What it does and costs.</summary>
    public required string Text { get; init; }

    /// <summary>Whether an approval makes zfs-sync do it.</summary>
    public bool Executable { get; init; }

    /// <summary>The target's snapshots that it destroys.</summary>
    public IReadOnlyList<SnapshotGuid> Destroys { get; set; } = [];

    /// <summary>Their names, in the same order.</summary>
    public IReadOnlyList<string> DestroysNames { get; set; } = [];

    /// <summary>Whether unsnapshotted writes on the target are lost.</summary>
    public bool LosesWrites { get; init; }

    /// <summary>What will be sent again; absent when nobody knows.</summary>
    public ulong? ResendBytes { get; init; }
}

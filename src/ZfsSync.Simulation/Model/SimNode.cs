using ZfsSync.Core.Snapshots;

namespace ZfsSync.Simulation.Model;

/// <summary>Anything that has a name in a pool: a dataset, a snapshot or a bookmark.</summary>
internal abstract class SimNode
{
    public required ulong Guid { get; init; }
    public required ulong CreateTxg { get; init; }

    /// <summary>Seconds since 1970, as zfs keeps it.</summary>
    public required long Creation { get; init; }

    public abstract string FullName { get; }

    /// <summary>The dataset it is or belongs to.</summary>
    public abstract SimDataset Owner { get; }

    public abstract string TypeName { get; }

    public SnapshotGuid SnapshotGuid => new(Guid);
}

using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>What a batched destroy left.</summary>
/// <param name="Gone">Snapshots that do not exist now, whether they were destroyed or had been gone before.</param>
/// <param name="Blocked">Snapshots that are still there, and why.</param>
public sealed record DestroyOutcome(IReadOnlyList<SnapshotName> Gone, IReadOnlyList<BlockedSnapshot> Blocked);

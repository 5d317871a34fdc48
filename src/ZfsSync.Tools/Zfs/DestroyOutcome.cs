using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Zfs;

/// <summary>What a batched destroy left.</summary>
/// <param name="Gone">Snapshots that do not exist now, whether they were destroyed or had been gone before.</param>
/// <param name="Blocked">Snapshots that are still there, and why.</param>
public sealed record DestroyOutcome(IReadOnlyList<SnapshotName> Gone, IReadOnlyList<BlockedSnapshot> Blocked);

/// <summary>A snapshot that could not be destroyed.</summary>
/// <param name="Snapshot">Its name.</param>
/// <param name="Kind"><see cref="ToolErrorKind.Busy"/> (held) or <see cref="ToolErrorKind.Clones"/>.</param>
/// <param name="Text">zfs's own words.</param>
public sealed record BlockedSnapshot(SnapshotName Snapshot, ToolErrorKind Kind, string Text);

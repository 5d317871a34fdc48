using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Zfs;

/// <summary>A snapshot that could not be destroyed.</summary>
/// <param name="Snapshot">Its name.</param>
/// <param name="Kind"><see cref="ToolErrorKind.Busy"/> (held) or <see cref="ToolErrorKind.Clones"/>.</param>
/// <param name="Text">zfs's own words.</param>
public sealed record BlockedSnapshot(SnapshotName Snapshot, ToolErrorKind Kind, string Text);

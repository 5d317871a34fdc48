using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>What is noted on a source when a snapshot of it has arrived somewhere.</summary>
/// <param name="Arrived">It gets a bookmark.</param>
/// <param name="Label">The bookmark's.</param>
/// <param name="Forgotten">Older bookmarks, destroyed behind it.</param>
/// <param name="Hold">Released at the end.</param>
public sealed record Marking(SnapshotName Arrived, string Label, IReadOnlyList<SnapshotName> Forgotten, Hold Hold);

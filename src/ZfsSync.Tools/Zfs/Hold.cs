using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>Snapshots that are held under a tag.</summary>
/// <param name="Tag">Who holds them.</param>
/// <param name="Snapshots">A few; they are named in one command.</param>
public sealed record Hold(string Tag, IReadOnlyList<SnapshotName> Snapshots);

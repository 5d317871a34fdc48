using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>One hold: the snapshot cannot be destroyed while it has any.</summary>
/// <param name="Snapshot">The held snapshot.</param>
/// <param name="Tag">Who holds it.</param>
/// <param name="HeldAt">Since when; null before OpenZFS 2.2, which prints local time only.</param>
public sealed record SnapshotHold(SnapshotName Snapshot, string Tag, DateTimeOffset? HeldAt);

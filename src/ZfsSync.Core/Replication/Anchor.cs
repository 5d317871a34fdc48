using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>A point in the source's history that an incremental send can start from: a snapshot or a bookmark.</summary>
/// <param name="Guid">What must be the newest snapshot of the target.</param>
/// <param name="Label">The name after <c>@</c> or <c>#</c> on the source.</param>
/// <param name="IsBookmark">Whether it is a bookmark; then only <c>-i</c> is possible.</param>
public sealed record Anchor(SnapshotGuid Guid, string Label, bool IsBookmark);

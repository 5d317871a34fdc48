namespace ZfsSync.Core.Snapshots;

/// <summary>A bookmark: remembers the point in history of a snapshot, so that it can be a base after the snapshot is gone. Holds no data.</summary>
/// <param name="Guid">The guid of the snapshot it was made from.</param>
/// <param name="Label">The part of the name after <c>#</c>.</param>
/// <param name="CreateTxg">The createtxg of the snapshot it was made from.</param>
public sealed record Bookmark(SnapshotGuid Guid, string Label, ulong CreateTxg);

namespace ZfsSync.Core.Snapshots;

/// <summary>What the digest of a list is made of: a snapshot or a bookmark without its sizes.</summary>
/// <param name="Guid">The identity.</param>
/// <param name="Label">The name after <c>@</c> or <c>#</c>.</param>
/// <param name="CreateTxg">Its place in the dataset's history.</param>
public readonly record struct ListEntry(SnapshotGuid Guid, string Label, ulong CreateTxg);

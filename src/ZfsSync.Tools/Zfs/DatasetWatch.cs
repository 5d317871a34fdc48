using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>The few facts that tell whether a dataset must be looked at again.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Guid">Its own guid: another one means that it was re-created.</param>
/// <param name="WrittenBytes">Written since the newest snapshot; null when zfs does not say.</param>
/// <param name="ReceiveResumeToken">The token of a cut receive, or null.</param>
/// <param name="SnapshotsChangedAt">When its list of snapshots last changed, in whole seconds; null before OpenZFS 2.2 or when it
/// never had one. Making or destroying bookmarks and holds does not move it.</param>
public sealed record DatasetWatch(
    DatasetName Name,
    ulong Guid,
    ulong? WrittenBytes,
    string? ReceiveResumeToken,
    DateTimeOffset? SnapshotsChangedAt
);

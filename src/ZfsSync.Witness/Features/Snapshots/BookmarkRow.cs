using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>A row of <c>bookmarks</c>.</summary>
internal sealed record BookmarkRow
{
    public long DatasetId { get; init; }

    public string Name { get; init; } = "";

    public SnapshotGuid Guid { get; init; }

    public ulong Createtxg { get; init; }
}

using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>How many snapshots one side has, and the newest.</summary>
internal sealed record HistoryEnd(int Count, string? Newest, DateTimeOffset? NewestAt)
{
    public static HistoryEnd? Of(DatasetInventory? dataset) =>
        dataset is null
            ? null
            : new HistoryEnd(
                dataset.Snapshots.Count,
                dataset.Snapshots is [.., var newest] ? newest.Label : null,
                dataset.Snapshots is [.., var last] ? last.CreatedAt : null
            );
}

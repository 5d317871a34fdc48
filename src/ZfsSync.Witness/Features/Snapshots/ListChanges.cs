using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>What has to be written so that the stored list of a dataset becomes the reported one. Pure.</summary>
/// <param name="Inserted">New rows.</param>
/// <param name="Updated">Rows with other values under the same identity.</param>
/// <param name="Vanished">Identities that are no longer there.</param>
/// <param name="Identified">Identities of rows that go on under the guid that is known now; they have not vanished.</param>
internal sealed record ListChanges(
    IReadOnlyList<SnapshotRow> Inserted,
    IReadOnlyList<SnapshotRow> Updated,
    IReadOnlyList<SnapshotGuid> Vanished,
    IReadOnlyList<SnapshotGuid> Identified
)
{
    public static readonly ListChanges None = new([], [], [], []);

    public bool IsEmpty => Inserted.Count + Updated.Count + Vanished.Count + Identified.Count == 0;

    /// <param name="known">The rows of the dataset.</param>
    /// <param name="reported">What it has now; values that are null were not asked for and stay.</param>
    /// <param name="isWholeList">Whether known rows that are not reported have vanished.</param>
    public static ListChanges Of(
        IReadOnlyList<SnapshotRow> known,
        IReadOnlyList<SnapshotRow> reported,
        bool isWholeList,
        DateTimeOffset now
    )
    {
        if (known.Count == 0)
            return new ListChanges(reported, [], [], []);
        var left = known.ToDictionary(row => row.Guid);
        var nameless = known.Where(row => !row.GuidKnown).ToDictionary(row => row.Name, StringComparer.Ordinal);
        var (inserted, updated, identified) = (
            new List<SnapshotRow>(),
            new List<SnapshotRow>(),
            new List<SnapshotGuid>()
        );
        foreach (var row in reported)
        {
            if (left.Remove(row.Guid, out var was))
            {
                if (Merge(was, row, now) is { } changed)
                    updated.Add(changed);
            }
            else if (row.GuidKnown && nameless.Remove(row.Name, out var same) && IsSameSecond(same, row))
            {
                left.Remove(same.Guid);
                identified.Add(same.Guid);
                inserted.Add(Keep(same, row) with { FirstSeen = same.FirstSeen });
            }
            else
                inserted.Add(row);
        }
        return new ListChanges(inserted, updated, isWholeList ? [.. left.Keys] : [], identified);
    }

    private static bool IsSameSecond(SnapshotRow known, SnapshotRow reported) =>
        known.CreatedAt is null
        || reported.CreatedAt is null
        || known.CreatedAt.Value.ToUnixTimeSeconds() == reported.CreatedAt.Value.ToUnixTimeSeconds();

    private static SnapshotRow? Merge(SnapshotRow was, SnapshotRow row, DateTimeOffset now)
    {
        var merged = Keep(was, row) with { FirstSeen = was.FirstSeen, ChangedAt = was.ChangedAt };
        return merged == was ? null : merged with { ChangedAt = now };
    }

    private static SnapshotRow Keep(SnapshotRow was, SnapshotRow row) =>
        row with
        {
            DatasetId = was.DatasetId,
            GuidKnown = row.GuidKnown || was.GuidKnown,
            Createtxg = row.Createtxg ?? was.Createtxg,
            CreatedAt = row.CreatedAt ?? was.CreatedAt,
            Size = row.Size ?? was.Size,
            Used = row.Used ?? was.Used,
            Referenced = row.Referenced ?? was.Referenced,
            Written = row.Written ?? was.Written,
            Holds = row.Holds ?? was.Holds,
            ExtraMetadata = row.ExtraMetadata ?? was.ExtraMetadata,
        };
}

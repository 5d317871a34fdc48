using ZfsSync.Core.Snapshots;

namespace ZfsSync.Agent.Survey;

/// <summary>The lists of one dataset as they were read last, and the signs by which a change would show. Can be lost at any time.</summary>
internal sealed record KnownLists
{
    /// <summary><c>snapshots_changed</c> has whole seconds: a second change in the same second would not show.</summary>
    private static readonly TimeSpan Maturity = TimeSpan.FromSeconds(2);

    public required ulong? DatasetGuid { get; init; }

    /// <summary>Promoting a clone moves snapshots from one dataset to another and shows here.</summary>
    public required SnapshotName? Origin { get; init; }

    public required DateTimeOffset? ChangedAt { get; init; }

    /// <summary>Before 2.2, where no property tells of changes: over the names.</summary>
    public required ulong? NamesHash { get; init; }

    /// <summary>Before the reading began.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Whether creation and sizes of each snapshot are known.</summary>
    public required bool HasAllDetails { get; init; }

    public required IReadOnlyList<Snapshot> Snapshots { get; init; }

    public required IReadOnlyList<Bookmark> Bookmarks { get; init; }

    public required string Digest { get; init; }

    public bool StillHolds(DatasetInventory facts, DateTimeOffset? changedAt, ulong? namesHash) =>
        HasAllDetails
        && facts.DatasetGuid == DatasetGuid
        && facts.Origin == Origin
        && namesHash == NamesHash
        && changedAt == ChangedAt
        && (changedAt is null || changedAt + Maturity <= ReadAt);
}

namespace ZfsSync.Core.Snapshots;

/// <summary>
/// What a report changes about one dataset's snapshots. A snapshot is the same when its guid is; where the host reports
/// none, when label and creation second are.
/// </summary>
/// <param name="Appeared">Reported and not known before.</param>
/// <param name="Vanished">Known before and no longer reported.</param>
/// <param name="Renamed">Known before under another label.</param>
public sealed record InventoryComparison(
    IReadOnlyList<Snapshot> Appeared,
    IReadOnlyList<Snapshot> Vanished,
    IReadOnlyList<RenamedSnapshot> Renamed
)
{
    /// <summary>Whether nothing changed.</summary>
    public bool IsUnchanged => Appeared.Count == 0 && Vanished.Count == 0 && Renamed.Count == 0;

    /// <summary>Compares what was known with what a complete report of the dataset says; an unknown or vanished dataset has no snapshots.</summary>
    public static InventoryComparison Of(IReadOnlyList<Snapshot> known, IReadOnlyList<Snapshot> reported)
    {
        var before = new Dictionary<Identity, Snapshot>(known.Count);
        foreach (var snapshot in known)
            before[Identity.Of(snapshot)] = snapshot;
        var appeared = new List<Snapshot>();
        var renamed = new List<RenamedSnapshot>();
        foreach (var snapshot in reported)
        {
            if (!before.Remove(Identity.Of(snapshot), out var was))
                appeared.Add(snapshot);
            else if (was.Label != snapshot.Label)
                renamed.Add(new RenamedSnapshot(snapshot, was.Label));
        }
        return new InventoryComparison(
            appeared,
            [.. known.Where(s => before.TryGetValue(Identity.Of(s), out var left) && ReferenceEquals(left, s))],
            renamed
        );
    }

    private readonly record struct Identity(SnapshotGuid Guid, string? Label, long? Second)
    {
        public static Identity Of(Snapshot snapshot) =>
            snapshot.Guid.IsUnknown
                ? new Identity(default, snapshot.Label, snapshot.CreatedAt?.ToUnixTimeSeconds())
                : new Identity(snapshot.Guid, null, null);
    }
}

namespace ZfsSync.Simulation.Model;

/// <summary>Space as zfs accounts for it: a block belongs to everything that refers to it, and is used once.</summary>
internal static class SpaceUsage
{
    /// <summary>An empty filesystem.</summary>
    public const long EmptyBytes = 98_304;

    /// <summary>The metadata that any change rewrites.</summary>
    public const long ChangeBytes = 12_288;

    public static long ReferencedBytes(SimNode node) =>
        node switch
        {
            SimDataset { IsInconsistent: true } dataset => EmptyBytes + dataset.Partial?.ReceivedBytes ?? 0,
            SimDataset dataset => EmptyBytes + Sum(dataset.Files.Values),
            SimSnapshot snapshot => EmptyBytes + Sum(snapshot.Files.Values),
            _ => 0,
        };

    public static long WrittenBytes(SimNode node) =>
        node switch
        {
            SimDataset { Newest: null, Origin: null } dataset => ReferencedBytes(dataset),
            SimDataset { IsModified: false } => 0,
            SimDataset dataset => ChangeBytes
                + SinceTxg(dataset.Files.Values, dataset.Newest?.CreateTxg ?? dataset.Origin?.CreateTxg ?? 0),
            SimSnapshot snapshot => Previous(snapshot) is { } previous
                ? WrittenBetween(previous, snapshot)
                : ReferencedBytes(snapshot),
            _ => 0,
        };

    /// <summary>What <c>written@snapshot</c> says of the dataset's head.</summary>
    public static long WrittenSince(SimDataset dataset, SimSnapshot from) =>
        !ReferenceEquals(dataset.Files, from.Files) ? ChangeBytes + SinceTxg(dataset.Files.Values, from.CreateTxg) : 0;

    public static long UsedBytes(SimDataset dataset) =>
        ReferencedBytes(dataset)
        - SharedWithOrigin(dataset)
        + UsedBySnapshots(dataset)
        + UsedByChildren(dataset)
        + PartialBytes(dataset);

    public static long UsedByChildren(SimDataset dataset) => dataset.Children.Values.Sum(UsedBytes);

    public static long UsedBySnapshots(SimDataset dataset)
    {
        var head = dataset.Files.Values.ToHashSet();
        var old = dataset.Snapshots.SelectMany(snapshot => snapshot.Files.Values).Where(file => !head.Contains(file));
        return Sum(old.Distinct()) + dataset.Snapshots.Sum(ChangeAfter);
    }

    /// <summary>What destroying these neighbouring snapshots together would free.</summary>
    public static long ReclaimBytes(IReadOnlyList<SimSnapshot> range)
    {
        if (range.Count == 0)
            return 0;
        var all = range[0].Owner.Snapshots;
        var first = all.IndexOf(range[0]);
        var last = all.IndexOf(range[^1]);
        var kept = new HashSet<FileVersion>(
            last + 1 < all.Count ? all[last + 1].Files.Values : range[0].Owner.Files.Values
        );
        if (first > 0)
            kept.UnionWith(all[first - 1].Files.Values);
        var gone = range.SelectMany(snapshot => snapshot.Files.Values).Where(file => !kept.Contains(file)).Distinct();
        return Sum(gone) + range.Sum(ChangeAfter);
    }

    private static long PartialBytes(SimDataset dataset) =>
        dataset is { IsInconsistent: false, Partial: { } partial } ? partial.ReceivedBytes : 0;

    private static long SharedWithOrigin(SimDataset dataset)
    {
        if (dataset.Origin is not { } origin)
            return 0;
        var shared = origin.Files.Values.ToHashSet();
        return Sum(dataset.Files.Values.Where(shared.Contains)) + EmptyBytes - ChangeBytes;
    }

    private static long ChangeAfter(SimSnapshot snapshot)
    {
        var all = snapshot.Owner.Snapshots;
        var next = all.IndexOf(snapshot) + 1;
        var later = next < all.Count ? all[next].Files : snapshot.Owner.Files;
        return ReferenceEquals(later, snapshot.Files) ? 0 : ChangeBytes;
    }

    private static SimSnapshot? Previous(SimSnapshot snapshot)
    {
        var index = snapshot.Owner.Snapshots.IndexOf(snapshot);
        return index > 0 ? snapshot.Owner.Snapshots[index - 1] : snapshot.Owner.Origin;
    }

    private static long WrittenBetween(SimSnapshot from, SimSnapshot to) =>
        ReferenceEquals(from.Files, to.Files) ? 0 : ChangeBytes + SinceTxg(to.Files.Values, from.CreateTxg);

    private static long SinceTxg(IEnumerable<FileVersion> files, ulong txg) =>
        Sum(files.Where(file => file.BirthTxg > txg));

    private static long Sum(IEnumerable<FileVersion> files) => files.Sum(file => file.DiskBytes);
}

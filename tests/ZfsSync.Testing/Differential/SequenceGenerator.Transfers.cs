namespace ZfsSync.Testing.Differential;

public sealed partial class SequenceGenerator
{
    private TransferStep? Transfer() => Stream(StreamCut.None);

    private TransferStep? CutTransfer()
    {
        var cut = Chance(70) ? StreamCut.Half : StreamCut.NearEnd;
        return Stream(cut);
    }

    /// <summary>Mostly the newest token of a dataset, into that.</summary>
    private TransferStep? Resume()
    {
        var into = Pick(Chance(90) ? Datasets.Where(node => node.HasToken) : Datasets)?.Name;
        if (into is null || _tokens.Count == 0)
            return null;
        var fitting = Chance(90) ? _tokens.FindLast(token => token.Into == into) : null;
        // How much of a snapshot has arrived differs from side to side: of two tokens of one, either may fit on one side only.
        var token = fitting ?? Pick(_tokens.Where(token => _tokens.Count(other => other.Sent == token.Sent) == 1));
        if (token is null)
            return null;
        var cut = Chance(30) ? StreamCut.Half : StreamCut.None;
        return new TransferStep(
            _number,
            [.. Maybe(10, "-L"), .. Maybe(10, "-e"), "-t", $"${token.Number}"],
            [
                .. Maybe(90, "-s"),
                .. Maybe(WouldHide(into) ? 100 : 70, "-u"),
                .. Maybe(HasMountedBelow(into) ? 0 : 5, "-F"),
                into,
            ],
            cut
        );
    }

    private ZfsStep? Abort() =>
        Pick(Chance(80) ? Datasets.Where(node => node.HasToken) : Datasets) is { } dataset
            ? Zfs("receive", "-A", dataset.Name)
            : null;

    private TransferStep? Stream(StreamCut cut)
    {
        var snapshots = Snapshots.Where(node => node.Name[0] == 'S' || Chance(15));
        if (Pick(Chance(50) ? Newest(snapshots) : snapshots) is not { } to)
            return null;
        // Only a stream of one snapshot is cut in the middle: where others end differs from side to side.
        var isMany = cut != StreamCut.Half;
        var isReplication = isMany && Chance(8) && !HasTwins(to.Owner);
        var into = Destination(to);
        // An increment sent with -R moves and renames datasets on the target: zfs-sync never sends one.
        var from = isReplication ? null : Base(to, into);
        if (from is null && Chance(80))
            into = NewDatasetName(into[0]);
        var isRange = isMany && from is { IsSnapshot: true } && Chance(35);
        string[] increment = from is null ? [] : [isRange ? "-I" : "-i", from.Name];
        return new TransferStep(
            _number,
            [.. SendOptions(to, isMany, isReplication), .. increment, to.Name],
            [
                .. ReceiveOptions(into, isPlain: cut != StreamCut.None, isAmbiguous: IsAmbiguous(from, into)),
                .. Maybe(HasMountedBelow(into) ? 0 : 20, "-F"),
                into,
            ],
            cut
        );
    }

    /// <summary>
    /// A list of datasets is searched by guid: of several snapshots with one guid, all get the properties of any of them.
    /// </summary>
    private bool HasTwins(string top) =>
        Snapshots
            .Where(node => node.Owner == top || node.Owner.StartsWith(top + "/", StringComparison.Ordinal))
            .GroupBy(node => node.Guid)
            .Any(group => group.Count() > 1);

    private string[] SendOptions(ListedNode to, bool isMany, bool isReplication)
    {
        var raw = Maybe(to.IsEncrypted ? 75 : 5, "-w");
        // A raw stream with a list but without properties makes zfs receive crash at its end.
        var isPlainList = isMany && raw.Length == 0;
        return
        [
            .. isReplication ? (string[])["-R"] : [],
            .. raw,
            .. Maybe(isMany ? 12 : 0, "-p"),
            .. Maybe(isPlainList ? 5 : 0, "-h"),
            .. Maybe(isPlainList ? 3 : 0, "-b"),
            .. Maybe(15, "-L"),
            .. Maybe(15, "-e"),
            .. Maybe(15, "-c"),
        ];
    }

    private string[] ReceiveOptions(string into, bool isPlain, bool isAmbiguous) =>
        [
            .. Maybe(isPlain ? 90 : 40, "-s"),
            .. Maybe(WouldHide(into) ? 100 : 75, "-u"),
            .. Maybe(5, "-h"),
            .. Pick<string[]>([
                [],
                [],
                [],
                [],
                [],
                ["-x", "t:p"],
                ["-o", "t:p=override"],
            ])!,
            .. Maybe(4, "-o", "readonly=on"),
            .. Maybe(5, "-x", "compression"),
            .. Maybe(5, "-x", "encryption"),
            .. isPlain ? [] : Maybe(isAmbiguous ? 0 : 2, "-d"),
            .. isPlain ? [] : Maybe(isAmbiguous ? 0 : 3, "-e"),
        ];

    /// <summary>On the other pool: mostly a dataset with the same history, or a new name.</summary>
    private string Destination(ListedNode to)
    {
        var pool = to.Name[0] == 'S' ? 'T' : 'S';
        var history = SnapshotsOf(to.Owner).Select(node => node.Guid).ToHashSet(StringComparer.Ordinal);
        var replicas = Snapshots
            .Where(node => node.Name[0] == pool && history.Contains(node.Guid))
            .Select(node => node.Owner)
            .Distinct();
        var into =
            Chance(75) && Pick(replicas) is { } replica ? replica
            : Chance(85) ? NewDatasetName(pool)
            : Pick(Datasets.Where(node => node.Name[0] == pool))!.Name;
        return Chance(4) ? $"{into}@{AnySnapshotName}" : into;
    }

    /// <summary>Mostly the newest snapshot or bookmark that both sides have.</summary>
    private ListedNode? Base(ListedNode to, string into)
    {
        var there = SnapshotsOf(into.Split('@')[0]).Select(node => node.Guid).ToHashSet(StringComparer.Ordinal);
        var isAnyAge = Chance(5);
        var own = _nodes
            .Where(node => !node.IsDataset && node.Owner == to.Owner)
            .Where(node => node.CreateTxg < to.CreateTxg || isAnyAge)
            .ToList();
        var common = own.Where(node => there.Contains(node.Guid)).OrderBy(node => node.CreateTxg).ToList();
        if (common.Count > 0 && Chance(85))
            return Chance(80) ? common[^1] : Pick(common);
        if (Chance(4))
            return Unambiguous(Pick(_nodes.Where(node => !node.IsDataset && node.Name[0] == to.Name[0])), into);
        if (
            to.Owner is var owner
            && Datasets.First(node => node.Name == owner).Origin is not "-" and var origin
            && Chance(40)
        )
            return Unambiguous(_nodes.FirstOrDefault(node => node.Name == origin), into);
        return Chance(15) ? Pick(own) : null;
    }

    private ListedNode? Unambiguous(ListedNode? origin, string into) => IsAmbiguous(origin, into) ? null : origin;

    /// <summary>Of several snapshots with the guid that it looks for, a real ZFS takes any.</summary>
    private bool IsAmbiguous(ListedNode? from, string into) =>
        Snapshots.Count(node => node.Name[0] == into[0] && node.Guid == from?.Guid) > 1;
}

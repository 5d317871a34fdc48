namespace ZfsSync.Testing.Differential;

/// <summary>
/// Makes commands from a seed, each from what the model has after the one before: mostly possible ones, some that must
/// be refused.
/// </summary>
public sealed partial class SequenceGenerator
{
    private const int ManyNodes = 45;

    /// <summary>So many make datasets and snapshots, which the others need.</summary>
    private const int FirstSteps = 18;

    private static readonly string[] DatasetNames = ["a", "b", "c", "d", "e"];
    private static readonly string[] SnapshotNames = ["1", "2", "3", "4", "5", "6", "7", "8"];
    private static readonly string[] BookmarkNames = ["x", "y", "z"];
    private static readonly string[] Tags = ["keep", "more"];

    /// <summary>Where the keys are, in a VM as in the model.</summary>
    public static readonly string[] KeyLocations = ["file:///root/sequence.key", "file:///root/sequence-other.key"];

    private readonly Random _random;
    private readonly List<(int Weight, Func<SequenceStep?> Make)> _kinds;
    private readonly List<Token> _tokens = [];
    private TransferStep? _cut;
    private IReadOnlyList<ListedNode> _nodes = [];
    private int _number;

    public SequenceGenerator(int seed)
    {
        _random = new Random(seed);
        _kinds =
        [
            (10, Write),
            (8, Snapshot),
            (4, Bookmark),
            (4, Hold),
            (4, Release),
            (4, RenameSnapshot),
            (4, RenameDataset),
            (5, Rollback),
            (4, Clone),
            (3, Promote),
            (5, DestroySnapshots),
            (2, DestroyBookmark),
            (2, DestroyDataset),
            (3, CreateDataset),
            (1, CreateVolume),
            (4, Property),
            (2, Mounting),
            (3, Key),
            (22, Transfer),
            (8, CutTransfer),
            (6, Resume),
            (2, Abort),
        ];
    }

    /// <summary>The next command, knowing what there is now.</summary>
    public SequenceStep Next(IReadOnlyList<ListedNode> nodes)
    {
        _nodes = nodes;
        if (_cut is { } cut && nodes.Any(node => node.Name == cut.Into && node.HasToken))
            _tokens.Add(new Token(cut.Number, cut.Into, SentBy(cut)));
        _number++;
        var step = Next();
        _cut = step is TransferStep { Cut: not StreamCut.None } transfer ? transfer : null;
        return step;
    }

    private SequenceStep Next()
    {
        if (_number <= FirstSteps)
            return (_number % 3) switch
            {
                1 => CreateDataset(),
                2 => Write()!,
                _ => Snapshot()!,
            };
        // The root of a tree can become a clone of what was in it, and go with it.
        foreach (var root in (string[])["S", "T"])
        {
            if (!_nodes.Any(node => node.Name == root))
                return Zfs("create", root);
        }
        if (_nodes.Count > ManyNodes && DestroyMuch() is { } relief)
            return relief;
        while (true)
        {
            var dice = _random.Next(_kinds.Sum(kind => kind.Weight));
            foreach (var (weight, make) in _kinds)
            {
                dice -= weight;
                if (dice >= 0)
                    continue;
                if (make() is { } step)
                    return step;
                break;
            }
        }
    }

    private IEnumerable<ListedNode> Datasets => _nodes.Where(node => node.IsDataset);
    private IEnumerable<ListedNode> Filesystems => _nodes.Where(node => node.Type == "filesystem");
    private IEnumerable<ListedNode> Snapshots => _nodes.Where(node => node.IsSnapshot);
    private IEnumerable<ListedNode> Bookmarks => _nodes.Where(node => node.Type == "bookmark");

    private static IEnumerable<ListedNode> Newest(IEnumerable<ListedNode> snapshots) =>
        snapshots.GroupBy(node => node.Owner).Select(group => group.MaxBy(node => node.CreateTxg)!);

    private IEnumerable<ListedNode> SnapshotsOf(string dataset) => Snapshots.Where(node => node.Owner == dataset);

    private bool Chance(int percent) => _random.Next(100) < percent;

    private T? Pick<T>(IEnumerable<T> all)
    {
        var list = all as IReadOnlyList<T> ?? [.. all];
        return list.Count == 0 ? default : list[_random.Next(list.Count)];
    }

    private string[] Maybe(int percent, params string[] words) => Chance(percent) ? words : [];

    private ZfsStep Zfs(params IReadOnlyList<string> arguments) => new(_number, arguments);

    /// <summary>A dataset's name that may or may not be there.</summary>
    private string AnyDatasetName(char pool)
    {
        var parent = Pick(Filesystems.Where(node => node.Name[0] == pool && node.Name.Count(c => c == '/') < 3));
        return $"{parent?.Name ?? pool.ToString()}/{Pick(DatasetNames)}";
    }

    /// <summary>Mostly one that is not there yet.</summary>
    private string NewDatasetName(char pool)
    {
        var name = AnyDatasetName(pool);
        for (var tries = 0; tries < 3 && _nodes.Any(node => node.Name == name); tries++)
            name = AnyDatasetName(pool);
        return name;
    }

    private string AnySnapshotName => Pick(SnapshotNames)!;

    /// <summary>The step that left it, where, and the guid of the snapshot that was sent.</summary>
    private sealed record Token(int Number, string Into, string Sent);

    private string SentBy(TransferStep cut) =>
        _tokens.Find(token => $"${token.Number}" == cut.Send[^1])?.Sent
        ?? _nodes.FirstOrDefault(node => node.Name == cut.Send[^1])?.Guid
        ?? cut.Send[^1];
}

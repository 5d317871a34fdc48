namespace ZfsSync.Lab.Tests.Chaos;

/// <summary>What one round does, all of it drawn from the seed.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Tree">Which tree of datasets; every few rounds a new one begins, so that first streams are struck too.</param>
/// <param name="IsFirstOfTree">Whether the tree is made in this round.</param>
/// <param name="Kind">What dies.</param>
/// <param name="Delay">From the moment when the first transfer has begun.</param>
/// <param name="Snapshots">How many are taken.</param>
/// <param name="StrikesAll">Of several processes of a kind: all, or the oldest only.</param>
/// <param name="IsAided">Whether somebody asks for a sync after it, as people do; else all comes back by itself.</param>
internal sealed record ChaosRound(
    int Number,
    int Tree,
    bool IsFirstOfTree,
    ChaosKind Kind,
    TimeSpan Delay,
    int Snapshots,
    bool StrikesAll,
    bool IsAided
)
{
    private const int RoundsPerTree = 4;
    private const double LongestDelaySeconds = 9;
    private const double AidedShare = 0.75;

    /// <summary>A VM takes a minute to boot, so its power is cut this often, measured by the others.</summary>
    private const double PowerCutShare = 0.5;

    private static readonly ChaosKind[] Kinds = Enum.GetValues<ChaosKind>();

    /// <summary>The last of the round's labels.</summary>
    public string LastLabel => Label(Snapshots);

    public string Label(int snapshot) => $"r{Number}-{snapshot}";

    /// <summary>The rounds of a run: each kind once in some order, then as they are drawn.</summary>
    public static IReadOnlyList<ChaosRound> Of(int seed, int rounds)
    {
        var random = new Random(seed);
        var first = Kinds.ToArray();
        random.Shuffle(first);
        return
        [
            .. Enumerable
                .Range(0, rounds)
                .Select(i => new ChaosRound(
                    i + 1,
                    (i / RoundsPerTree) + 1,
                    i % RoundsPerTree == 0,
                    i < first.Length ? first[i] : Draw(random),
                    TimeSpan.FromSeconds(random.NextDouble() * LongestDelaySeconds),
                    random.Next(1, 4),
                    random.Next(2) == 0,
                    random.NextDouble() < AidedShare
                )),
        ];
    }

    public override string ToString() =>
        $"{Number}: {Kind} after {Delay.TotalSeconds:0.0} s, {Snapshots} snapshots of tree {Tree}{(StrikesAll ? ", all" : "")}{(IsAided ? ", aided" : "")}";

    private static ChaosKind Draw(Random random)
    {
        while (true)
        {
            var kind = Kinds[random.Next(Kinds.Length)];
            if (
                kind is not (ChaosKind.CutPowerOfSource or ChaosKind.CutPowerOfTarget)
                || random.NextDouble() < PowerCutShare
            )
                return kind;
        }
    }
}

namespace ZfsSync.Lab.Tests.Chaos;

/// <summary>What one round does, all of it drawn from the seed.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Tree">Which tree of datasets; every few rounds a new one begins, so that first streams are struck too.</param>
/// <param name="IsFirstOfTree">Whether the tree is made in this round.</param>
/// <param name="Faults">What dies: one, or a second one while what the first left is being mended.</param>
/// <param name="Snapshots">How many are taken.</param>
/// <param name="IsAided">Whether somebody asks for a sync after it, as people do; else all comes back by itself.</param>
internal sealed record ChaosRound(
    int Number,
    int Tree,
    bool IsFirstOfTree,
    IReadOnlyList<ChaosFault> Faults,
    int Snapshots,
    bool IsAided
)
{
    private const int RoundsPerTree = 4;
    private const double AidedShare = 0.75;
    private const double SecondFaultShare = 0.5;

    /// <summary>The last of the round's labels.</summary>
    public string LastLabel => Label(Snapshots);

    public string Label(int snapshot) => $"r{Number}-{snapshot}";

    /// <summary>The rounds of a run: each kind once in some order, then as they are drawn.</summary>
    public static IReadOnlyList<ChaosRound> Of(int seed, int rounds)
    {
        var random = new Random(seed);
        var first = ChaosFault.Kinds.ToArray();
        random.Shuffle(first);
        return [.. Enumerable.Range(0, rounds).Select(i => Draw(random, i, i < first.Length ? first[i] : null))];
    }

    public override string ToString() =>
        $"{Number}: {string.Join(", ", Faults)}; {Snapshots} snapshots of tree {Tree}{(IsAided ? ", aided" : "")}";

    private static ChaosRound Draw(Random random, int index, ChaosKind? kind)
    {
        var faults = new List<ChaosFault>
        {
            kind is { } known ? ChaosFault.Draw(random, known) : ChaosFault.Draw(random),
        };
        if (random.NextDouble() < SecondFaultShare)
            faults.Add(ChaosFault.Draw(random));
        return new ChaosRound(
            index + 1,
            (index / RoundsPerTree) + 1,
            index % RoundsPerTree == 0,
            faults,
            random.Next(1, 4),
            random.NextDouble() < AidedShare
        );
    }
}

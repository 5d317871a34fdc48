namespace ZfsSync.Lab.Tests.Chaos;

/// <summary>One fault of a round.</summary>
/// <param name="Kind">What dies.</param>
/// <param name="Delay">From the moment when the first transfer has begun, or the fault before is over.</param>
/// <param name="StrikesAll">Of several processes of a kind: all, or the oldest only.</param>
internal sealed record ChaosFault(ChaosKind Kind, TimeSpan Delay, bool StrikesAll)
{
    private const double LongestDelaySeconds = 9;

    /// <summary>A VM takes more than a minute to boot, so its power is cut this often, measured by the others.</summary>
    private const double PowerCutShare = 0.35;

    public static readonly IReadOnlyList<ChaosKind> Kinds = Enum.GetValues<ChaosKind>();

    public static ChaosFault Draw(Random random) => Draw(random, DrawKind(random));

    public static ChaosFault Draw(Random random, ChaosKind kind) =>
        new(kind, TimeSpan.FromSeconds(random.NextDouble() * LongestDelaySeconds), random.Next(2) == 0);

    public override string ToString() => $"{Kind}{(StrikesAll ? " of all" : "")} after {Delay.TotalSeconds:0.0} s";

    private static ChaosKind DrawKind(Random random)
    {
        while (true)
        {
            var kind = Kinds[random.Next(Kinds.Count)];
            if (
                kind is not (ChaosKind.CutPowerOfSource or ChaosKind.CutPowerOfTarget)
                || random.NextDouble() < PowerCutShare
            )
                return kind;
        }
    }
}

namespace ZfsSync.Lab.Tests.Chaos;

/// <summary>What was done in a run, counted.</summary>
internal sealed class ChaosTally
{
    private readonly SortedDictionary<ChaosKind, List<(bool Hit, TimeSpan Duration)>> _rounds = [];

    /// <summary>Faults that came while something ran.</summary>
    public int Strikes => _rounds.Values.Sum(rounds => rounds.Count(round => round.Hit));

    public void Count(ChaosKind kind, bool hit, TimeSpan duration)
    {
        if (!_rounds.TryGetValue(kind, out var rounds))
            _rounds[kind] = rounds = [];
        rounds.Add((hit, duration));
    }

    public override string ToString() =>
        string.Join(
            '\n',
            _rounds.Select(pair =>
                $"{pair.Key}: {pair.Value.Count} rounds, {pair.Value.Count(round => round.Hit)} struck, whole after {pair.Value.Min(round => round.Duration).TotalSeconds:0} to {pair.Value.Max(round => round.Duration).TotalSeconds:0} s, on average {pair.Value.Average(round => round.Duration.TotalSeconds):0} s"
            )
        );
}

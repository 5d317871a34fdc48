namespace ZfsSync.Lab.Tests.Chaos;

/// <summary>What was done in a run, counted.</summary>
internal sealed class ChaosTally
{
    private readonly SortedDictionary<ChaosKind, List<(bool Hit, TimeSpan Duration)>> _faults = [];

    /// <summary>Faults that came while something ran.</summary>
    public int Strikes => _faults.Values.Sum(faults => faults.Count(fault => fault.Hit));

    /// <summary>Counts a round's faults.</summary>
    /// <param name="faults">Whether they came while something ran.</param>
    /// <param name="duration">From the round's last fault until all was whole.</param>
    public void Count(IEnumerable<(ChaosFault Fault, bool Hit)> faults, TimeSpan duration)
    {
        foreach (var (fault, hit) in faults)
        {
            if (!_faults.TryGetValue(fault.Kind, out var before))
                _faults[fault.Kind] = before = [];
            before.Add((hit, duration));
        }
    }

    public override string ToString() =>
        string.Join(
            '\n',
            _faults.Select(pair =>
                $"{pair.Key}: {pair.Value.Count}, {pair.Value.Count(fault => fault.Hit)} struck, whole after {pair.Value.Min(fault => fault.Duration).TotalSeconds:0} to {pair.Value.Max(fault => fault.Duration).TotalSeconds:0} s, on average {pair.Value.Average(fault => fault.Duration.TotalSeconds):0} s"
            )
        );
}

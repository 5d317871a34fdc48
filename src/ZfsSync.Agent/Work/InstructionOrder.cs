using ZfsSync.Contracts.Instructions;

namespace ZfsSync.Agent.Work;

/// <summary>Chooses what to start next: parents before children, small before large, within the limits. Pure.</summary>
internal static class InstructionOrder
{
    /// <param name="waiting">What the witness has for this host.</param>
    /// <param name="running">What runs.</param>
    /// <param name="failed">Datasets whose replication just failed: what belongs below them has to wait for the next plan.</param>
    public static IReadOnlyList<InstructionSummary> Choose(
        IReadOnlyCollection<InstructionSummary> waiting,
        IReadOnlyCollection<InstructionSummary> running,
        IReadOnlyCollection<string> failed,
        int maxTransfers,
        int maxTransfersPerPool
    )
    {
        var started = running.ToList();
        var chosen = new List<InstructionSummary>();
        foreach (
            var next in waiting
                .OrderBy(one => one.TargetDataset.Count(c => c == '/'))
                .ThenBy(one => one.EstimatedBytes ?? ulong.MaxValue)
                .ThenBy(one => one.TargetDataset, StringComparer.Ordinal)
                .ThenBy(one => one.EdgeId, StringComparer.Ordinal)
        )
        {
            if (started.Count >= maxTransfers)
                break;
            if (IsInTheWay(next, started, waiting, failed) || Pools(next).Any(IsFull))
                continue;
            started.Add(next);
            chosen.Add(next);
        }
        return chosen;

        bool IsFull(string pool) =>
            started.Count(one => Pools(one).Contains(pool, StringComparer.Ordinal)) >= maxTransfersPerPool;
    }

    private static bool IsInTheWay(
        InstructionSummary next,
        IEnumerable<InstructionSummary> started,
        IEnumerable<InstructionSummary> waiting,
        IEnumerable<string> failed
    ) =>
        started.Any(one =>
            one.EdgeId == next.EdgeId
            || one.TargetDataset == next.TargetDataset
            || IsBelow(next.TargetDataset, one.TargetDataset)
        )
        || waiting.Any(one => IsBelow(next.TargetDataset, one.TargetDataset))
        || failed.Any(parent => IsBelow(next.TargetDataset, parent));

    private static bool IsBelow(string dataset, string other) =>
        dataset.Length > other.Length
        && dataset[other.Length] == '/'
        && dataset.StartsWith(other, StringComparison.Ordinal);

    /// <summary>By name: two hosts' pools of one name count as one, which is on the careful side.</summary>
    private static IEnumerable<string> Pools(InstructionSummary one) =>
        new[] { PoolOf(one.SourceDataset), PoolOf(one.TargetDataset) }.Distinct(StringComparer.Ordinal);

    private static string PoolOf(string dataset) =>
        dataset.IndexOf('/', StringComparison.Ordinal) is var slash and >= 0 ? dataset[..slash] : dataset;
}

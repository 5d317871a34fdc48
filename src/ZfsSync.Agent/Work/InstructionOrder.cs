using ZfsSync.Agent.Execution;
using ZfsSync.Contracts.Instructions;

namespace ZfsSync.Agent.Work;

/// <summary>Chooses what to start next: parents before children (except where both have a copy already), small before large, within the limits. Pure.</summary>
internal static class InstructionOrder
{
    /// <param name="waiting">What the witness has for this host.</param>
    /// <param name="running">What runs.</param>
    /// <param name="failed">Datasets whose replication just failed: what belongs below them has to wait for the next plan.</param>
    public static IReadOnlyList<InstructionSummary> Choose(
        IReadOnlyCollection<InstructionSummary> waiting,
        IReadOnlyCollection<InstructionSummary> running,
        IReadOnlyCollection<string> failed,
        AgentOptions limits
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
            if (!HasRoom(next) || IsInTheWay(next, started, waiting, failed))
                continue;
            started.Add(next);
            chosen.Add(next);
        }
        return chosen;

        bool HasRoom(InstructionSummary next) =>
            Fits(next, started, limits.MaxTransfers)
            && TransferPools
                .Of(next)
                .All(pool =>
                    Fits(next, started.Where(one => TransferPools.Of(one).Contains(pool)), limits.MaxTransfersPerPool)
                );

        bool Fits(InstructionSummary next, IEnumerable<InstructionSummary> others, int slots) =>
            others.Append(next).Sum(Parts) <= slots * limits.SmallTransfersPerSlot;

        // A slot has as many parts as small transfers may share it.
        int Parts(InstructionSummary one) => limits.IsSmall(one.EstimatedBytes) ? 1 : limits.SmallTransfersPerSlot;
    }

    private static bool IsInTheWay(
        InstructionSummary next,
        IEnumerable<InstructionSummary> started,
        IEnumerable<InstructionSummary> waiting,
        IEnumerable<string> failed
    ) =>
        started.Any(one =>
            one.EdgeId == next.EdgeId || one.TargetDataset == next.TargetDataset || NeedsFirst(next, one)
        )
        || waiting.Any(one => NeedsFirst(next, one))
        || failed.Any(parent => IsBelow(next.TargetDataset, parent));

    private static bool NeedsFirst(InstructionSummary next, InstructionSummary other) =>
        IsBelow(next.TargetDataset, other.TargetDataset) && !(next.AddsToCopy && other.AddsToCopy);

    private static bool IsBelow(string dataset, string other) =>
        dataset.Length > other.Length
        && dataset[other.Length] == '/'
        && dataset.StartsWith(other, StringComparison.Ordinal);
}

namespace ZfsSync.Contracts.Instructions;

/// <summary>An instruction that waits for its agent, in the answer of the long poll <c>GET /systems/{id}/instructions?wait_seconds=N</c>.</summary>
/// <param name="InstructionId">To claim it by.</param>
/// <param name="EdgeId">Its edge.</param>
/// <param name="LogicalDataset">For ordering: parents before children.</param>
/// <param name="SourceDataset">For limits per pool.</param>
/// <param name="TargetDataset">For limits per pool.</param>
/// <param name="EstimatedBytes">For ordering.</param>
public sealed record InstructionSummary(
    Guid InstructionId,
    string EdgeId,
    string LogicalDataset,
    string SourceDataset,
    string TargetDataset,
    ulong? EstimatedBytes
)
{
    /// <summary>Whether it adds to a copy that is there, and so needs nothing of what happens above it.</summary>
    public bool AddsToCopy { get; init; }
}

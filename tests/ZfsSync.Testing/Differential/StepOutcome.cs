namespace ZfsSync.Testing.Differential;

/// <summary>What a command said, and what there is after it.</summary>
/// <param name="ExitCode">Of a transfer, that of the receive.</param>
/// <param name="Error">Standard error; of a transfer, that of the receive.</param>
/// <param name="Nodes">Everything below S and T, in zfs's order.</param>
/// <param name="Holds">Snapshot and tag of every hold.</param>
/// <param name="Sources">Where the values of some properties come from.</param>
public sealed record StepOutcome(
    int ExitCode,
    string Error,
    IReadOnlyList<ListedNode> Nodes,
    IReadOnlyList<string> Holds,
    IReadOnlyList<string> Sources
)
{
    /// <summary>Of a transfer's send; 0 otherwise.</summary>
    public int SendExitCode { get; init; }
    public string SendError { get; init; } = "";
}

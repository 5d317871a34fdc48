namespace ZfsSync.Contracts.Instructions;

/// <summary>The answer to a progress.</summary>
/// <param name="LeaseSeconds">How long the lease holds from now.</param>
/// <param name="Stop">Whether a person asked to stop; the agent ends the transfer and keeps what can be resumed.</param>
public sealed record ProgressAnswer(int LeaseSeconds, bool Stop);

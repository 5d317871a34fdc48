namespace ZfsSync.Agent.Execution;

/// <summary>Why a transfer was ended before its time. What arrived stays and can be resumed.</summary>
/// <param name="Kind">The stable code of the outcome.</param>
internal sealed record StopReason(string Kind, string Text)
{
    public static readonly StopReason AgentStops = new(ExecutionEnd.Interrupted, "The agent was stopped.");

    public static readonly StopReason Person = new("stopped", "Somebody asked to stop it.");

    public static readonly StopReason LeaseLost = new(
        "lease_lost",
        "The witness gave the instruction to somebody else, or ended it."
    );

    public static StopReason Stuck(TimeSpan since) =>
        new(
            "stuck",
            $"Not a single byte moved for {since.TotalMinutes:0} minutes, so the transfer was ended. Look at both pools (zpool status) and at the network."
        );
}

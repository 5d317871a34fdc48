namespace ZfsSync.Contracts.Instructions;

/// <summary>
/// Pending → Leased → Done, Failed or Refused; Leased → Pending when the lease ends; Pending → Withdrawn when the plan changes.
/// </summary>
public enum InstructionState
{
    /// <summary>Waits for its agent.</summary>
    Pending,

    /// <summary>An agent has it.</summary>
    Leased,

    /// <summary>The agent says it worked; the target's inventory must still prove it.</summary>
    Done,

    /// <summary>A tool failed.</summary>
    Failed,

    /// <summary>The facts were not as expected, so the agent did nothing.</summary>
    Refused,

    /// <summary>No longer wanted.</summary>
    Withdrawn,
}

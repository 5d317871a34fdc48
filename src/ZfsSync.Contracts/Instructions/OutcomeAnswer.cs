namespace ZfsSync.Contracts.Instructions;

/// <summary>The answer to an outcome.</summary>
/// <param name="State">What the instruction is now.</param>
public sealed record OutcomeAnswer(InstructionState State);

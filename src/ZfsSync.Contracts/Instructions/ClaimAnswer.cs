namespace ZfsSync.Contracts.Instructions;

/// <summary>The lease on an instruction.</summary>
/// <param name="LeaseId">Named in every progress and outcome.</param>
/// <param name="LeaseSeconds">How long it holds without progress.</param>
/// <param name="Instruction">What to do.</param>
public sealed record ClaimAnswer(Guid LeaseId, int LeaseSeconds, Instruction Instruction);

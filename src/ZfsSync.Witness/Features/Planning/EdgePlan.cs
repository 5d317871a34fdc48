using ZfsSync.Contracts.Instructions;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>The result for one edge: what to store of it, and what should be carried out.</summary>
/// <param name="Row">To store, with the version it was made from.</param>
/// <param name="Wanted">The instruction that should be pending; null when none should be. A leased one is left alone.</param>
/// <param name="Proof">What the inventory says of the edge's last run; null when there is nothing to say.</param>
internal sealed record EdgePlan(EdgeRow Row, Instruction? Wanted, RunProof? Proof);

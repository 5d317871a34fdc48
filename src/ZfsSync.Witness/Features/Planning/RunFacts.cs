using ZfsSync.Contracts.Instructions;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>An instruction of an edge, as planning needs it.</summary>
/// <param name="State">Pending, leased, or done: not shown by an inventory yet, or a repair after which nothing was sent.</param>
/// <param name="PlanKey">Equal for equal plans.</param>
/// <param name="Instruction">What it asks for.</param>
/// <param name="OutcomeAt">When its outcome came, by the witness's clock.</param>
/// <param name="Proven">Null while open; false when a newer report lacked it, which a later one may still correct.</param>
internal sealed record RunFacts(
    InstructionState State,
    string PlanKey,
    Instruction Instruction,
    DateTimeOffset? OutcomeAt,
    bool? Proven
);

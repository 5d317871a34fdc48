namespace ZfsSync.Witness.Features.Planning;

/// <summary>What the target's inventory says of a run.</summary>
internal sealed record RunProof(Guid InstructionId, bool Proven);

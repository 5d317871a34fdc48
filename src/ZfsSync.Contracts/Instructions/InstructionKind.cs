namespace ZfsSync.Contracts.Instructions;

/// <summary>What an instruction asks for. A closed set: agents refuse what they do not know.</summary>
public enum InstructionKind
{
    /// <summary>Send and receive, in steps.</summary>
    Replicate,

    /// <summary>Carry out an approved repair on the target.</summary>
    Repair,
}

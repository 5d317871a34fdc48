namespace ZfsSync.Contracts.Instructions;

/// <summary>One side of a transfer.</summary>
public sealed record InstructionSide
{
    /// <summary>The host.</summary>
    public required Guid SystemId { get; init; }

    /// <summary>Its name, for people.</summary>
    public required string Hostname { get; init; }

    /// <summary>The full name of the dataset there.</summary>
    public required string Dataset { get; init; }

    /// <summary>The member's root there: nothing above it is received into. Where it is missing, the agent makes it, and what lies between it and the pool, an empty placeholder.</summary>
    public string? Root { get; init; }

    /// <summary>Where to reach it with ssh; absent for the executing host itself.</summary>
    public string? SshHostname { get; init; }

    /// <summary>The user there.</summary>
    public string? SshUser { get; init; }

    /// <summary>The port there.</summary>
    public int? SshPort { get; init; }
}

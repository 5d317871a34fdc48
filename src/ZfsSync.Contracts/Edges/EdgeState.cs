namespace ZfsSync.Contracts.Edges;

/// <summary>What an edge is now, from the inventories alone.</summary>
public enum EdgeState
{
    /// <summary>The target's own inventory holds everything wanted.</summary>
    InSync,

    /// <summary>A transfer runs.</summary>
    Syncing,

    /// <summary>The target lacks something; an instruction waits, or a reason says why not.</summary>
    OutOfSync,

    /// <summary>A person must decide.</summary>
    Conflict,

    /// <summary>The last attempts failed.</summary>
    Error,

    /// <summary>A success was claimed that no inventory has shown yet.</summary>
    Unproven,

    /// <summary>A host has been silent for too long: the last knowledge is old.</summary>
    Stale,
}

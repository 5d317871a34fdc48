namespace ZfsSync.Contracts.Edges;

/// <summary>What the planner decided about an edge.</summary>
public enum DecisionKind
{
    /// <summary>The target holds everything wanted.</summary>
    UpToDate,

    /// <summary>First replication.</summary>
    Full,

    /// <summary>Bring the target forward.</summary>
    Incremental,

    /// <summary>Finish a cut receive.</summary>
    Resume,

    /// <summary>Carry out an approved repair.</summary>
    Repair,

    /// <summary>A person must decide.</summary>
    Conflict,

    /// <summary>Nothing to send now; the reason says why.</summary>
    Nothing,
}

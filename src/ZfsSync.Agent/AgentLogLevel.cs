namespace ZfsSync.Agent;

/// <summary>How much a line of the agent matters.</summary>
public enum AgentLogLevel
{
    /// <summary>Every survey and request.</summary>
    Debug,

    /// <summary>What was done.</summary>
    Information,

    /// <summary>It goes on, but somebody should look.</summary>
    Warning,

    /// <summary>It does not go on without somebody.</summary>
    Error,
}

namespace ZfsSync.Contracts.Instructions;

/// <summary>How an execution ended.</summary>
public enum OutcomeResult
{
    /// <summary>Every step ended with 0, and the agent read the expected guids back.</summary>
    Done,

    /// <summary>A tool failed; some steps may have worked.</summary>
    Failed,

    /// <summary>The facts were not as expected; nothing was changed.</summary>
    Refused,
}

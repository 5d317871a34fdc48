namespace ZfsSync.Contracts.Groups;

/// <summary>What moves the data.</summary>
public enum TransferEngine
{
    /// <summary>The agent itself.</summary>
    Native,

    /// <summary>syncoid, run by the agent.</summary>
    Syncoid,
}

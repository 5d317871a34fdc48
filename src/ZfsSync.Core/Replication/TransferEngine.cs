namespace ZfsSync.Core.Replication;

/// <summary>What moves the data.</summary>
public enum TransferEngine
{
    /// <summary>The agent itself.</summary>
    Native,

    /// <summary>syncoid, run by the agent. What it cannot do is a reason of the edge (<see cref="ReasonCode"/>, <c>Engine…</c>), not a surprise.</summary>
    Syncoid,
}

namespace ZfsSync.Simulation;

/// <summary>How a stream breaks on its way.</summary>
public enum StreamFaultKind
{
    /// <summary>The connection is lost: the sender cannot write, the receiver reads an early end.</summary>
    ConnectionLost,

    /// <summary>The sending process is killed; the receiver reads an early end.</summary>
    SenderKilled,

    /// <summary>The receiving process is killed.</summary>
    ReceiverKilled,

    /// <summary>A byte arrives changed.</summary>
    Garbled,
}

namespace ZfsSync.Contracts.Groups;

/// <summary>Which side runs a transfer. On one host both are the same.</summary>
public enum TransferDirection
{
    /// <summary>The target's agent, with ssh to the source.</summary>
    Pull,

    /// <summary>The source's agent, with ssh to the target.</summary>
    Push,
}

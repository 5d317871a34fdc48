namespace ZfsSync.Contracts.Systems;

/// <summary>Whether a host is heard of.</summary>
public enum ConnectivityStatus
{
    /// <summary>Never heard of.</summary>
    Unknown,

    /// <summary>Heard of within the heartbeat timeout.</summary>
    Online,

    /// <summary>Silent for longer.</summary>
    Offline,
}

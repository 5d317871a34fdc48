namespace ZfsSync.Core.Replication;

/// <summary>What a first replication sends.</summary>
public enum InitialSend
{
    /// <summary>The oldest wanted snapshot in full, then all later ones.</summary>
    Everything,

    /// <summary>Only the newest wanted snapshot.</summary>
    NewestOnly,
}

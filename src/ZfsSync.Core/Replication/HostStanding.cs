namespace ZfsSync.Core.Replication;

/// <summary>What must be known of a host before its inventory is believed.</summary>
/// <param name="Hostname">Its name, for people.</param>
public sealed record HostStanding(string Hostname)
{
    /// <summary>How long ago it was last heard of; null when it has never reported.</summary>
    public required TimeSpan? Silence { get; init; }

    /// <summary>From this silence on its inventory is not to be trusted.</summary>
    public required TimeSpan SilenceLimit { get; init; }

    /// <summary>Why its plans stand still until a person says go on; null when they do not.</summary>
    public string? FrozenReason { get; init; }

    /// <summary>Whether its last report was read to its end.</summary>
    public bool IsComplete { get; init; } = true;

    /// <summary>Whether it has reported.</summary>
    public bool HasReported => Silence is not null;

    /// <summary>Whether it has been silent for too long.</summary>
    public bool IsStale => Silence > SilenceLimit;
}

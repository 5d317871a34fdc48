namespace ZfsSync.Core.Replication;

/// <summary>What may keep an edge from sending although there is something to send.</summary>
public sealed record SendStanding
{
    /// <summary>The instant of planning.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Whether the group is switched on.</summary>
    public bool IsGroupEnabled { get; init; } = true;

    /// <summary>The host that executes, when it has no ssh name for the other one; null when it has, or needs none.</summary>
    public (string Executor, string Other)? MissingIdentity { get; init; }

    /// <summary>The name of the parent that must arrive first; null when there is none.</summary>
    public string? WaitsFor { get; init; }

    /// <summary>Whether an agent has an instruction for this edge.</summary>
    public bool IsInProgress { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>When the next attempt is due; null for at once.</summary>
    public DateTimeOffset? RetryAt { get; init; }
}

namespace ZfsSync.Contracts.Sync;

/// <summary>One edge that a host should work on now, for scripts of the second dialect. Never merged over targets.</summary>
public sealed record SyncDataset
{
    /// <summary>The source's pool.</summary>
    public required string Pool { get; init; }

    /// <summary>The source's dataset, pool first.</summary>
    public required string Dataset { get; init; }

    /// <summary>The target's pool.</summary>
    public required string TargetPool { get; init; }

    /// <summary>The target's dataset, pool first.</summary>
    public required string TargetDataset { get; init; }

    /// <summary>The base; absent for a full send.</summary>
    public string? StartingSnapshot { get; init; }

    /// <summary>The end.</summary>
    public required string EndingSnapshot { get; init; }

    /// <summary>The source host.</summary>
    public required Guid SourceSystemId { get; init; }

    /// <summary>The target host.</summary>
    public required Guid TargetSystemId { get; init; }

    /// <summary>Where to reach the source.</summary>
    public string? SourceSshHostname { get; init; }

    /// <summary>Where to reach the target.</summary>
    public string? TargetSshHostname { get; init; }

    /// <summary>The group.</summary>
    public required Guid SyncGroupId { get; init; }

    /// <summary>One POSIX sh command per step; empty without <c>include_commands=true</c>.</summary>
    public IReadOnlyList<string> Commands { get; set; } = [];
}

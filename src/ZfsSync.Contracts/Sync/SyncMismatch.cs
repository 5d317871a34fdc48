namespace ZfsSync.Contracts.Sync;

/// <summary>An edge whose target lacks something, in the words of the older dialects.</summary>
public sealed record SyncMismatch
{
    /// <summary>The group.</summary>
    public required Guid SyncGroupId { get; init; }

    /// <summary>The edge.</summary>
    public required string EdgeId { get; init; }

    /// <summary>The logical dataset; the source's full name for the roots themselves.</summary>
    public required string Dataset { get; init; }

    /// <summary>The host that lacks it.</summary>
    public required Guid TargetSystemId { get; init; }

    /// <summary>The newest wanted snapshot that it lacks.</summary>
    public string? MissingSnapshot { get; init; }

    /// <summary>How many it lacks.</summary>
    public int MissingCount { get; init; }

    /// <summary>The hosts that have it and that it would come from.</summary>
    public IReadOnlyList<Guid> SourceSystemIds { get; set; } = [];

    /// <summary>The newest snapshot of the source.</summary>
    public string? HubLatestSnapshot { get; init; }

    /// <summary>Its creation.</summary>
    public DateTimeOffset? HubLatestTimestamp { get; init; }

    /// <summary>The newest snapshot of the target.</summary>
    public string? TargetLatestSnapshot { get; init; }

    /// <summary>Its creation.</summary>
    public DateTimeOffset? TargetLatestTimestamp { get; init; }

    /// <summary>A reason code or conflict kind when nothing is sent now; absent when something is.</summary>
    public string? Reason { get; init; }
}

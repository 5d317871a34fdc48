namespace ZfsSync.Contracts.Sync;

/// <summary>The answer of <c>GET /sync/groups/{id}/status</c>.</summary>
public sealed record GroupStatus
{
    /// <summary>The group.</summary>
    public required Guid SyncGroupId { get; init; }

    /// <summary>Edges.</summary>
    public int TotalStates { get; init; }

    /// <summary>Edges by state.</summary>
    public IReadOnlyDictionary<string, int> StatusBreakdown { get; set; } =
        new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Proven.</summary>
    public int InSyncCount { get; init; }

    /// <summary>Behind.</summary>
    public int OutOfSyncCount { get; init; }

    /// <summary>Running.</summary>
    public int SyncingCount { get; init; }

    /// <summary>Waiting for a person.</summary>
    public int ConflictCount { get; init; }

    /// <summary>Failing.</summary>
    public int ErrorCount { get; init; }

    /// <summary>The latest decision.</summary>
    public DateTimeOffset? LastUpdated { get; init; }

    /// <summary>The largest lag of its edges.</summary>
    public long? WorstLagSeconds { get; init; }
}

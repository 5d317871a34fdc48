using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>An edge as it is stored: the last decision, and what must be remembered from one decision to the next.</summary>
internal sealed record EdgeRow
{
    public required string Id { get; init; }
    public required Guid GroupId { get; init; }
    public required string LogicalDataset { get; init; }
    public required Guid SourceSystemId { get; init; }
    public required string SourceRoot { get; init; }
    public required string SourceDataset { get; init; }
    public required Guid TargetSystemId { get; init; }
    public required string TargetRoot { get; init; }
    public required string TargetDataset { get; init; }
    public EdgeState State { get; init; } = EdgeState.OutOfSync;
    public DecisionKind Decision { get; init; } = DecisionKind.Nothing;
    public ReasonCode? Reason { get; init; }
    public ConflictKind? Conflict { get; init; }

    /// <summary>The decision in words, with evidence, repairs and steps.</summary>
    public DecisionView View { get; init; } = DecisionView.Empty;

    /// <summary>The logical dataset that must arrive first, when it waits for one.</summary>
    public string? WaitsFor { get; init; }

    public int LagSnapshots { get; init; }
    public long? LagSeconds { get; init; }

    /// <summary>From when on the copy is late: what it lacks waits for longer than the group's interval. Null when it lacks nothing.</summary>
    public DateTimeOffset? LateAt { get; init; }

    public SnapshotGuid? ProvenGuid { get; init; }
    public string? ProvenName { get; init; }
    public DateTimeOffset? ProvenCreatedAt { get; init; }
    public DateTimeOffset? LastInSyncAt { get; init; }
    public bool MatchedByName { get; init; }

    /// <summary>The stream format of the first proven success.</summary>
    public SendFlags? Pinned { get; init; }

    public int Failures { get; init; }
    public string? LastError { get; init; }
    public DateTimeOffset? RetryAt { get; init; }

    /// <summary>Whether ZFS refused the last raw increment although the guids match.</summary>
    public bool RawLineageBroken { get; init; }

    /// <summary>Whether an agent found files in a target that its size says is empty. Until it succeeds, or somebody asks to try again.</summary>
    public bool TargetHasFiles { get; init; }

    /// <summary>When the decision may change although nothing is reported; null when only a report can.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public DateTimeOffset DecidedAt { get; init; }

    /// <summary>Grows with every write; a plan made from an older one is not stored.</summary>
    public long Version { get; init; }
}

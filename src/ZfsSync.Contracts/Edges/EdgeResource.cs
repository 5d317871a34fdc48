using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;

namespace ZfsSync.Contracts.Edges;

/// <summary>One edge: its state, the last decision with its evidence, its lag, and what runs. The answer of <c>GET /edges</c>.</summary>
public sealed record EdgeResource
{
    /// <summary>16 hexadecimal digits, the same as long as group, logical dataset, hosts and roots stay.</summary>
    public required string EdgeId { get; init; }

    /// <summary>The group.</summary>
    public required Guid SyncGroupId { get; init; }

    /// <summary>Its name.</summary>
    public required string GroupName { get; init; }

    /// <summary>The dataset's name below the roots; empty for the roots themselves.</summary>
    public required string LogicalDataset { get; init; }

    /// <summary>Where the data is.</summary>
    public required EdgeSide Source { get; init; }

    /// <summary>Where it should be.</summary>
    public required EdgeSide Target { get; init; }

    /// <summary>What it is now.</summary>
    public required EdgeState State { get; init; }

    /// <summary>What was decided.</summary>
    public required DecisionKind Decision { get; init; }

    /// <summary>For nothing: why.</summary>
    public ReasonCode? Reason { get; init; }

    /// <summary>For conflict: what is wrong.</summary>
    public ConflictKind? Conflict { get; init; }

    /// <summary>One sentence for people: the decision, or what is wrong, with names and numbers.</summary>
    public required string Text { get; init; }

    /// <summary>The evidence, a line each.</summary>
    public IReadOnlyList<string> Evidence { get; set; } = [];

    /// <summary>From harmless to destructive.</summary>
    public IReadOnlyList<RepairOption> Repairs { get; set; } = [];

    /// <summary>The steps that are planned or run.</summary>
    public IReadOnlyList<InstructionStep> Steps { get; set; } = [];

    /// <summary>What they are expected to move; absent when nobody knows.</summary>
    public ulong? EstimatedBytes { get; init; }

    /// <summary>How many wanted snapshots the target lacks.</summary>
    public int LagSnapshots { get; init; }

    /// <summary>How far the target's newest common snapshot is behind the source's newest wanted one; absent when unknown.</summary>
    public long? LagSeconds { get; init; }

    /// <summary>
    /// From when on the copy is late, if it lacks something until then: the oldest snapshot it lacks has waited for the group's
    /// interval. Absent when it lacks nothing, when nothing is copied yet, and while the group is switched off.
    /// </summary>
    public DateTimeOffset? LateAt { get; init; }

    /// <summary>The newest snapshot that both have, by the target's own inventory.</summary>
    public string? ProvenSnapshot { get; init; }

    /// <summary>Its creation.</summary>
    public DateTimeOffset? ProvenCreatedAt { get; init; }

    /// <summary>When the target's inventory last showed everything wanted.</summary>
    public DateTimeOffset? LastInSyncAt { get; init; }

    /// <summary>Whether snapshots were matched by name and time, because a host reports no guids.</summary>
    public bool MatchedByName { get; init; }

    /// <summary>The instruction that waits or runs.</summary>
    public RunResource? Run { get; init; }

    /// <summary>Failures in a row.</summary>
    public int Failures { get; init; }

    /// <summary>What the last failure said.</summary>
    public string? LastError { get; init; }

    /// <summary>When this was decided.</summary>
    public DateTimeOffset DecidedAt { get; init; }

    /// <summary>Whether the copy is late at this instant.</summary>
    public bool IsLate(DateTimeOffset now) => LateAt < now && State != EdgeState.InSync;
}

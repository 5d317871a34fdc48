using ZfsSync.Core.Snapshots;

namespace ZfsSync.Contracts.Sync;

/// <summary>One thing that a host should do now, for scripts of the first dialect.</summary>
public sealed record SyncAction
{
    /// <summary>To report back on.</summary>
    public required Guid InstructionId { get; init; }

    /// <summary><c>create</c>, <c>sync</c>, <c>resume</c> or <c>delete</c>.</summary>
    public required string ActionType { get; init; }

    /// <summary>The group.</summary>
    public required Guid SyncGroupId { get; init; }

    /// <summary>The source's pool.</summary>
    public required string Pool { get; init; }

    /// <summary>The source's dataset, pool first.</summary>
    public required string Dataset { get; init; }

    /// <summary>The target's pool.</summary>
    public required string TargetPool { get; init; }

    /// <summary>The target's dataset, pool first.</summary>
    public required string TargetDataset { get; init; }

    /// <summary>The source host.</summary>
    public required Guid SourceSystemId { get; init; }

    /// <summary>The target host.</summary>
    public required Guid TargetSystemId { get; init; }

    /// <summary>The snapshot it leads to.</summary>
    public required string SnapshotName { get; init; }

    /// <summary>The witness's id of it.</summary>
    public Guid? SnapshotId { get; init; }

    /// <summary>Its identity.</summary>
    public SnapshotGuid? SnapshotGuid { get; init; }

    /// <summary>The base's name.</summary>
    public string? IncrementalBase { get; init; }

    /// <summary>The base's identity.</summary>
    public SnapshotGuid? IncrementalBaseGuid { get; init; }

    /// <summary>Whether there is a base.</summary>
    public bool IsIncremental { get; init; }

    /// <summary>Bytes; absent when nobody knows.</summary>
    public ulong? EstimatedSize { get; init; }

    /// <summary>Lower comes first.</summary>
    public int Priority { get; init; }

    /// <summary>Where to reach the source.</summary>
    public string? SourceSshHostname { get; init; }

    /// <summary>The user there.</summary>
    public string? SourceSshUser { get; init; }

    /// <summary>The port there.</summary>
    public int? SourceSshPort { get; init; }

    /// <summary>One POSIX sh command for people and scripts; only with <c>include_commands=true</c>.</summary>
    public string? SyncCommand { get; init; }
}

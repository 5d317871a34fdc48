using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Contracts.Instructions;

/// <summary>
/// What one agent should do for one edge: fields, never a command line. Everything is named by guid, and the agent
/// checks against its own listing before it acts.
/// </summary>
public sealed record Instruction
{
    /// <summary>Its id.</summary>
    public required Guid InstructionId { get; init; }

    /// <summary>The edge's id: 16 hexadecimal digits; part of the hold tag <c>zfs-sync-EDGE</c> and the bookmark's name <c>zfs-sync-EDGE-GUID</c>.</summary>
    public required string EdgeId { get; init; }

    /// <summary>The group.</summary>
    public required Guid SyncGroupId { get; init; }

    /// <summary>The dataset's name below the members' roots; empty for the roots themselves.</summary>
    public required string LogicalDataset { get; init; }

    /// <summary>What it asks for.</summary>
    public required InstructionKind Kind { get; init; }

    /// <summary>Where the data is.</summary>
    public required InstructionSide Source { get; init; }

    /// <summary>Where it should be.</summary>
    public required InstructionSide Target { get; init; }

    /// <summary>The host whose agent runs it.</summary>
    public required Guid ExecutorSystemId { get; init; }

    /// <summary>For replicate: the steps, in order.</summary>
    public IReadOnlyList<InstructionStep> Steps { get; set; } = [];

    /// <summary>For replicate: the stream format.</summary>
    public required SendFlags Flags { get; init; }

    /// <summary>For repair: what to do.</summary>
    public InstructionRepair? Repair { get; init; }

    /// <summary>Whether the target's dataset exists now (false: the first step creates it).</summary>
    public bool TargetExists { get; init; }

    /// <summary>The guid of the target's newest snapshot now; absent when it has none. The agent refuses when it differs.</summary>
    public SnapshotGuid? TargetNewestGuid { get; init; }

    /// <summary>A partial receive that must be discarded first: its token now; the agent refuses when it differs.</summary>
    public string? AbortToken { get; init; }

    /// <summary>
    /// What other edges of the same source dataset have as their newest common point, as the witness knew it when this was
    /// claimed. The agent lets its own older bookmarks of them stay.
    /// </summary>
    public IReadOnlyList<SnapshotGuid> NeededByOthers { get; set; } = [];

    /// <summary>Properties for new copies (<c>zfs receive -o</c>).</summary>
    public IReadOnlyDictionary<string, string> ReceiveProperties { get; set; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>The most bytes a second; absent for no limit.</summary>
    public long? BandwidthBytesPerSecond { get; init; }

    /// <summary>Whether to compress the stream with zstd between two hosts.</summary>
    public bool Compress { get; init; }

    /// <summary>What moves the data.</summary>
    public TransferEngine Engine { get; init; }

    /// <summary>What it is expected to move; absent when nobody knows.</summary>
    public ulong? EstimatedBytes { get; init; }

    /// <summary>When it was planned.</summary>
    public DateTimeOffset CreatedAt { get; init; }
}

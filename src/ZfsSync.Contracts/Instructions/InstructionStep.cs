using ZfsSync.Core.Snapshots;

namespace ZfsSync.Contracts.Instructions;

/// <summary>One send and receive.</summary>
public sealed record InstructionStep
{
    /// <summary>Its form.</summary>
    public required StepKind Kind { get; init; }

    /// <summary>The base; absent for full and resume.</summary>
    public SnapshotGuid? FromGuid { get; init; }

    /// <summary>The base's name after <c>@</c> or <c>#</c>; a hint for people: the agent looks the guid up.</summary>
    public string? FromName { get; init; }

    /// <summary>Whether the base is a bookmark.</summary>
    public bool FromBookmark { get; init; }

    /// <summary>The snapshot that the target has afterwards.</summary>
    public required SnapshotGuid ToGuid { get; init; }

    /// <summary>Its name after <c>@</c>; a hint for people.</summary>
    public required string ToName { get; init; }

    /// <summary>For range: all guids that arrive, oldest first.</summary>
    public IReadOnlyList<SnapshotGuid>? ArrivingGuids { get; init; }

    /// <summary>For resume: the token that the target must still have.</summary>
    public string? Token { get; init; }

    /// <summary>What it is expected to move; absent when nobody knows.</summary>
    public ulong? EstimatedBytes { get; init; }
}

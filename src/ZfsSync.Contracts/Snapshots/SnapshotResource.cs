using System.Text.Json.Nodes;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Contracts.Snapshots;

/// <summary>A snapshot as the witness knows it.</summary>
public sealed record SnapshotResource
{
    /// <summary>The witness's id of the row.</summary>
    public required System.Guid Id { get; init; }

    /// <summary>The part after <c>@</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The pool.</summary>
    public required string Pool { get; init; }

    /// <summary>The full name of the dataset, pool first.</summary>
    public required string Dataset { get; init; }

    /// <summary>Its creation.</summary>
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Bytes, as submitted.</summary>
    public ulong? Size { get; init; }

    /// <summary>Bytes that only it holds on to.</summary>
    public ulong? Used { get; init; }

    /// <summary>Bytes reachable through it.</summary>
    public ulong? Referenced { get; init; }

    /// <summary>Bytes that differ from the snapshot before it.</summary>
    public ulong? Written { get; init; }

    /// <summary>Its identity; absent when the host reports none.</summary>
    public SnapshotGuid? Guid { get; init; }

    /// <summary>Its place in the pool's history.</summary>
    public ulong? Createtxg { get; init; }

    /// <summary>The host.</summary>
    public required System.Guid SystemId { get; init; }

    /// <summary>Free data.</summary>
    public JsonObject? ExtraMetadata { get; init; }

    /// <summary>When the witness first heard of it.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset UpdatedAt { get; init; }
}

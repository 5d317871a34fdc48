using System.Text.Json;
using System.Text.Json.Nodes;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Contracts.Snapshots;

/// <summary>The body of <c>POST /snapshots</c>, and an item of <c>POST /snapshots/batch</c>.</summary>
public sealed record SnapshotSubmission
{
    /// <summary>The part after <c>@</c>; a whole name is cut.</summary>
    public required string Name { get; init; }

    /// <summary>The pool.</summary>
    public required string Pool { get; init; }

    /// <summary>The dataset, with or without the pool in front; empty for the pool itself.</summary>
    public required string Dataset { get; init; }

    /// <summary>ISO 8601 with or without zone (then UTC), or seconds since 1970 as number or text.</summary>
    public required JsonElement Timestamp { get; init; }

    /// <summary>Bytes.</summary>
    public ulong? Size { get; init; }

    /// <summary>Bytes that only it holds on to.</summary>
    public ulong? Used { get; init; }

    /// <summary>Bytes reachable through it.</summary>
    public ulong? Referenced { get; init; }

    /// <summary>Its identity; absent from scripts that do not ask for it: then name and creation second are.</summary>
    public SnapshotGuid? Guid { get; init; }

    /// <summary>Its place in the pool's history.</summary>
    public ulong? Createtxg { get; init; }

    /// <summary>The host.</summary>
    public required System.Guid SystemId { get; init; }

    /// <summary>Free data.</summary>
    public JsonObject? ExtraMetadata { get; init; }
}

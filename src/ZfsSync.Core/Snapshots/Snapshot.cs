namespace ZfsSync.Core.Snapshots;

/// <summary>One snapshot of a dataset. Its place in the dataset's history is its createtxg, never its name or time.</summary>
/// <param name="Guid">The identity, preserved by send and receive.</param>
/// <param name="Label">The part of the name after <c>@</c>; can change.</param>
/// <param name="CreateTxg">The transaction group of its creation or arrival; comparable inside one pool only.</param>
public sealed record Snapshot(SnapshotGuid Guid, string Label, ulong CreateTxg)
{
    /// <summary>The creation time by the clock of the host that took it, in whole seconds; null when not reported.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Bytes that only this snapshot holds on to (property <c>used</c>); null when not reported.</summary>
    public ulong? UsedBytes { get; init; }

    /// <summary>Bytes reachable through it (property <c>referenced</c>); null when not reported.</summary>
    public ulong? ReferencedBytes { get; init; }

    /// <summary>Bytes that differ from the snapshot before it (property <c>written</c>); null when not reported.</summary>
    public ulong? WrittenBytes { get; init; }

    /// <summary>The number of holds (property <c>userrefs</c>); null when not reported.</summary>
    public uint? Holds { get; init; }
}

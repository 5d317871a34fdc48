using ZfsSync.Core.Snapshots;

namespace ZfsSync.Contracts.Reports;

/// <summary>A snapshot in a report.</summary>
/// <param name="Guid">Its identity.</param>
/// <param name="Name">The part after <c>@</c>.</param>
/// <param name="Createtxg">Its place in the pool's history.</param>
public sealed record ReportedSnapshot(SnapshotGuid Guid, string Name, ulong Createtxg)
{
    /// <summary>Creation, in seconds since 1970; absent when the agent did not ask for it again.</summary>
    public long? Creation { get; init; }

    /// <summary>Property <c>used</c>.</summary>
    public ulong? Used { get; init; }

    /// <summary>Property <c>referenced</c>.</summary>
    public ulong? Referenced { get; init; }

    /// <summary>Property <c>written</c>.</summary>
    public ulong? Written { get; init; }

    /// <summary>The number of holds (property <c>userrefs</c>).</summary>
    public uint? Userrefs { get; init; }
}

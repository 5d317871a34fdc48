using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Contracts.Edges;

/// <summary>The body of <c>POST /edges/{id}/repairs</c>: a person's consent.</summary>
public sealed record RepairApproval
{
    /// <summary>The option.</summary>
    public required RepairKind Kind { get; init; }

    /// <summary>The snapshots that may be lost: exactly those that the option showed.</summary>
    public IReadOnlyList<SnapshotGuid> Destroys { get; set; } = [];

    /// <summary>How long the consent holds; 3600 by default, 86,400 at most.</summary>
    public int ExpiresSeconds { get; set; } = 3600;
}

using ZfsSync.Contracts.Edges;

namespace ZfsSync.Contracts.Sync;

/// <summary>The body of <c>POST /sync/states</c>: what a script believes.</summary>
public sealed record StateClaim
{
    /// <summary>The group.</summary>
    public required Guid SyncGroupId { get; init; }

    /// <summary>The host that speaks: the target.</summary>
    public required Guid SystemId { get; init; }

    /// <summary>The snapshot it is about; or the dataset.</summary>
    public Guid? SnapshotId { get; init; }

    /// <summary>The dataset it is about, logical or full.</summary>
    public string? Dataset { get; init; }

    /// <summary>in_sync, out_of_sync, syncing, conflict or error.</summary>
    public required EdgeState Status { get; init; }

    /// <summary>For error.</summary>
    public string? ErrorMessage { get; init; }
}

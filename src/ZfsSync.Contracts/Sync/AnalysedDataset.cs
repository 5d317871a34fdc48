namespace ZfsSync.Contracts.Sync;

/// <summary>One logical dataset of a group.</summary>
public sealed record AnalysedDataset
{
    /// <summary>The name below the roots; the source's full name for the roots themselves.</summary>
    public required string DatasetName { get; init; }

    /// <summary>The hosts that have it, or should.</summary>
    public IReadOnlyList<AnalysedSystem> Systems { get; set; } = [];

    /// <summary><c>in_sync</c> when every edge is proven, <c>no_snapshots</c> when there is nothing to send, else <c>out_of_sync</c>.</summary>
    public required string SyncStatus { get; init; }

    /// <summary>Its edges whose target lacks something.</summary>
    public IReadOnlyList<SyncMismatch> Mismatches { get; set; } = [];
}

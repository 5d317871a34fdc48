namespace ZfsSync.Contracts.Sync;

/// <summary>A host in an analysis; of a dataset, with what it has of it.</summary>
public sealed record AnalysedSystem
{
    /// <summary>The host.</summary>
    public required Guid SystemId { get; init; }

    /// <summary>Its name.</summary>
    public required string Hostname { get; init; }

    /// <summary>The pool of its copy.</summary>
    public string? Pool { get; init; }

    /// <summary>The full name of its copy.</summary>
    public string? Dataset { get; init; }

    /// <summary>How many snapshots its copy has.</summary>
    public int? SnapshotCount { get; init; }

    /// <summary>The newest of them.</summary>
    public string? LastSnapshot { get; init; }
}

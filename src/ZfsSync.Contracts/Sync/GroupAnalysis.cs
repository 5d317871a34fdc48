namespace ZfsSync.Contracts.Sync;

/// <summary>The answer of <c>GET /sync/groups/{id}/analysis</c>: the group dataset by dataset, in pages of datasets.</summary>
public sealed record GroupAnalysis
{
    /// <summary>The group.</summary>
    public required Guid SyncGroupId { get; init; }

    /// <summary>Its name.</summary>
    public required string SyncGroupName { get; init; }

    /// <summary>Whether it plans.</summary>
    public bool Enabled { get; init; }

    /// <summary>True for mode hub.</summary>
    public bool Directional { get; init; }

    /// <summary>The hub of mode hub.</summary>
    public Guid? HubSystemId { get; init; }

    /// <summary>Its hosts, each once.</summary>
    public IReadOnlyList<AnalysedSystem> Systems { get; set; } = [];

    /// <summary>Its logical datasets: those of the page.</summary>
    public IReadOnlyList<AnalysedDataset> Datasets { get; set; } = [];

    /// <summary>How many datasets there are on all pages.</summary>
    public int TotalDatasets { get; init; }

    /// <summary>Edges whose target lacks something, on all pages.</summary>
    public int TotalMismatches { get; init; }
}

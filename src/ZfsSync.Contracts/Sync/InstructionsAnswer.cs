namespace ZfsSync.Contracts.Sync;

/// <summary>The answer of <c>GET /sync/instructions/{system_id}</c>: both dialects side by side.</summary>
public sealed record InstructionsAnswer
{
    /// <summary>The host.</summary>
    public required Guid SystemId { get; init; }

    /// <summary>Now.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The length of <see cref="Actions"/>.</summary>
    public int ActionCount { get; init; }

    /// <summary>One per edge and step.</summary>
    public IReadOnlyList<SyncAction> Actions { get; set; } = [];

    /// <summary>The length of <see cref="Datasets"/>.</summary>
    public int DatasetCount { get; init; }

    /// <summary>One per edge.</summary>
    public IReadOnlyList<SyncDataset> Datasets { get; set; } = [];

    /// <summary>Every edge without an action; absent unless asked for.</summary>
    public IReadOnlyList<SyncDiagnostic>? Diagnostics { get; init; }
}

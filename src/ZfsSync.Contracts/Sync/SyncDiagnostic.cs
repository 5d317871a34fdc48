using ZfsSync.Contracts.Edges;

namespace ZfsSync.Contracts.Sync;

/// <summary>Why an edge has no action now.</summary>
/// <param name="Edge">The edge's id.</param>
/// <param name="Dataset">The logical dataset.</param>
/// <param name="Reason">A reason code or conflict kind, in snake_case; <c>in_sync</c> when all is well.</param>
/// <param name="Message">One sentence.</param>
/// <param name="Evidence">A line each.</param>
/// <param name="Repairs">From harmless to destructive.</param>
public sealed record SyncDiagnostic(
    string Edge,
    string Dataset,
    string Reason,
    string Message,
    IReadOnlyList<string> Evidence,
    IReadOnlyList<RepairOption> Repairs
);

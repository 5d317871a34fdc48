namespace ZfsSync.Contracts.Snapshots;

/// <summary>A snapshot that a host lacks and another has.</summary>
/// <param name="SystemId">Who lacks it.</param>
/// <param name="Dataset">The dataset asked for.</param>
/// <param name="MissingSnapshot">Its name.</param>
/// <param name="AvailableOnSystems">Who has it.</param>
public sealed record SnapshotGap(
    Guid SystemId,
    string Dataset,
    string MissingSnapshot,
    IReadOnlyList<Guid> AvailableOnSystems
);

using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Survey;

/// <summary>What a survey found.</summary>
internal sealed record HostInventory
{
    /// <summary>What it speaks for, each with everything below it.</summary>
    public required IReadOnlyList<string> Scope { get; init; }

    /// <summary>Whether the scope was read to its end: what is not named here does not exist.</summary>
    public required bool IsComplete { get; init; }

    /// <summary>Parents before children.</summary>
    public required IReadOnlyList<SurveyedDataset> Datasets { get; init; }

    /// <summary>As last read: capacity changes slowly. Null when they were never read; empty when there are none.</summary>
    public IReadOnlyList<PoolFacts>? Pools { get; init; }

    public string? ZfsVersion { get; init; }
}

/// <param name="Facts">With its lists.</param>
/// <param name="ListDigest">Over its lists.</param>
internal sealed record SurveyedDataset(DatasetInventory Facts, string ListDigest);

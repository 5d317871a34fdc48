using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>The facts behind a conflict; what does not apply is empty or null.</summary>
/// <param name="Summary">One sentence for people, with names and numbers.</param>
public sealed record ConflictEvidence(string Summary)
{
    /// <summary>The newest snapshot or bookmark of the source that the target also has.</summary>
    public Anchor? NewestCommon { get; init; }

    /// <summary>Snapshots of the source after <see cref="NewestCommon"/> that the target lacks, oldest first.</summary>
    public IReadOnlyList<Snapshot> SourceOnly { get; init; } = [];

    /// <summary>Snapshots of the target after <see cref="NewestCommon"/> that the source lacks, oldest first.</summary>
    public IReadOnlyList<Snapshot> TargetOnly { get; init; } = [];

    /// <summary>Labels that both sides use for different snapshots.</summary>
    public IReadOnlyList<string> ClashingLabels { get; init; } = [];

    /// <summary>Bytes written on the target since its newest snapshot.</summary>
    public ulong? WrittenBytes { get; init; }

    /// <summary>Another dataset of the target that holds the source's history.</summary>
    public DatasetName? FoundAt { get; init; }
}

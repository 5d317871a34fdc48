using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>Everything the planner knows about one edge. Lists may come in any order; the decision does not depend on it.</summary>
public sealed record EdgeFacts
{
    /// <summary>The source's dataset, or null when its complete inventory does not have it.</summary>
    public required DatasetInventory? Source { get; init; }

    /// <summary>The target's dataset, or null when it does not exist yet.</summary>
    public required DatasetInventory? Target { get; init; }

    /// <summary>The name that the target's dataset has or will have.</summary>
    public required DatasetName TargetName { get; init; }

    /// <summary>The instant of planning, for ages.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The stream format of earlier successes, or null for a new edge.</summary>
    public SendFlags? Pinned { get; init; }

    /// <summary>The nearest existing dataset above <see cref="TargetName"/>, or null when unknown: a new dataset would inherit its encryption.</summary>
    public DatasetInventory? TargetParent { get; init; }

    /// <summary>
    /// Datasets below the target's root that no dataset of the source stands behind any more: where the history of a
    /// renamed one may be found. One with a living source is a copy, not a rename, and does not belong here.
    /// </summary>
    public IReadOnlyList<DatasetInventory> OtherTargets { get; init; } = [];

    /// <summary>Whether the target's host says that a receive into it is running.</summary>
    public bool IsReceiving { get; init; }

    /// <summary>Whether ZFS refused the last raw increment with an IV set error although the guids match.</summary>
    public bool IsRawLineageBroken { get; init; }

    /// <summary>Whether an agent found files in the target, which by its size is empty.</summary>
    public bool HasTargetFiles { get; init; }

    /// <summary>Consents of people for this edge.</summary>
    public IReadOnlyList<Approval> Approvals { get; init; } = [];
}

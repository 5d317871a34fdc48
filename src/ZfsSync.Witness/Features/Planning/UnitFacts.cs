using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>Everything that the edges of one logical dataset of one group are planned from.</summary>
internal sealed record UnitFacts
{
    public required GroupResource Group { get; init; }
    public required string LogicalDataset { get; init; }
    public required DateTimeOffset Now { get; init; }
    public required IReadOnlyDictionary<Guid, HostFacts> Hosts { get; init; }

    /// <summary>Plan only the edges of these hosts; null for all. A mesh is always planned whole.</summary>
    public IReadOnlySet<Guid>? Only { get; init; }

    /// <summary>What the hosts say about this dataset, and about the ones above it on targets, by full name.</summary>
    public required IReadOnlyDictionary<(Guid SystemId, string Dataset), DatasetInventory> Datasets { get; init; }

    /// <summary>The datasets into which a receive runs.</summary>
    public IReadOnlySet<(Guid SystemId, string Dataset)> Receiving { get; init; } =
        new HashSet<(Guid SystemId, string Dataset)>();

    /// <summary>Per target that lacks the dataset: others below its root that hold the source's history and have no source any more.</summary>
    public IReadOnlyDictionary<
        (Guid SystemId, string Dataset),
        IReadOnlyList<DatasetInventory>
    > Renamed { get; init; } = new Dictionary<(Guid SystemId, string Dataset), IReadOnlyList<DatasetInventory>>();

    /// <summary>The edges as stored, by id.</summary>
    public required IReadOnlyDictionary<string, EdgeRow> Edges { get; init; }

    /// <summary>The edges of the logical datasets above.</summary>
    public IReadOnlyList<EdgeRow> AncestorEdges { get; init; } = [];

    /// <summary>Per edge: its open instruction.</summary>
    public IReadOnlyDictionary<string, RunFacts> Open { get; init; } = new Dictionary<string, RunFacts>();

    /// <summary>
    /// Per edge: its last instruction that was said to be done, where more must come of it: the proof, or, after a repair,
    /// what the repair was for.
    /// </summary>
    public IReadOnlyDictionary<string, RunFacts> Unfinished { get; init; } = new Dictionary<string, RunFacts>();

    /// <summary>Per edge: consents that still hold.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<Approval>> Approvals { get; init; } =
        new Dictionary<string, IReadOnlyList<Approval>>();

    /// <summary>Whether an edge between these hosts is planned now.</summary>
    public bool Covers(Guid source, Guid target) => Only is null || Only.Contains(source) || Only.Contains(target);

    public DatasetInventory? Dataset(Guid system, string name) => Datasets.GetValueOrDefault((system, name));
}

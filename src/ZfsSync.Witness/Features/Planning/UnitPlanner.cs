using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Patterns;
using ZfsSync.Core.Replication;
using ZfsSync.Witness.Features.Groups;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>
/// Plans all edges of one logical dataset of one group. Pure: facts in; rows, instructions and proofs out. Which edges
/// there are comes from the group's mode; what each should do from Core's planner.
/// </summary>
internal sealed class UnitPlanner(UnitFacts facts)
{
    private readonly EdgePolicy policy = PolicyOf(facts.Group);
    private readonly EdgeDeciding deciding = new(facts);

    public static UnitPlan Plan(UnitFacts facts) => new UnitPlanner(facts).Plan();

    public static bool IsSelected(NamePatterns patterns, string logicalDataset) =>
        (patterns.Include is not { Count: > 0 } include || NamePattern.IsAnyMatch(include, logicalDataset))
        && !NamePattern.IsAnyMatch(patterns.Exclude ?? [], logicalDataset);

    public static EdgePolicy PolicyOf(GroupResource group) =>
        new()
        {
            Snapshots = new SnapshotSelection(group.Snapshots.Include ?? [], group.Snapshots.Exclude ?? []),
            MinAge = TimeSpan.FromSeconds(group.Policy.MinAgeSeconds),
            MinGap = TimeSpan.FromSeconds(group.Policy.MinGapSeconds),
            Raw = group.Policy.Raw,
            Initial = group.Policy.Initial,
            AllowEmptyTarget = group.Policy.AllowEmptyTarget,
            RequireEncryptedTarget = group.Policy.RequireEncryptedTarget,
            Resume = group.Policy.Resume,
            Engine = group.Policy.Engine,
        };

    private UnitPlan Plan()
    {
        var candidates = IsSelected(facts.Group.Datasets, facts.LogicalDataset) ? Candidates() : [];
        var chosen = facts.Group.Mode == GroupMode.Mesh ? new MeshChoice(facts).Choose(candidates) : candidates;
        var plans = chosen.Select(c => deciding.Decide(c, policy)).ToList();
        var kept = plans.Select(p => p.Row.Id).ToHashSet(StringComparer.Ordinal);
        return new UnitPlan(plans, [.. facts.Edges.Keys.Where(id => !kept.Contains(id))]);
    }

    private List<EdgeCandidate> Candidates()
    {
        var members = facts.Group.Members;
        var candidates = new Dictionary<string, EdgeCandidate>(StringComparer.Ordinal);
        var pairs = GroupTopology.Pairs(facts.Group);
        // What a member that is copied to has put aside is not copied on; a dataset that users called so may be.
        var isAside = AsideName.IsAside(facts.LogicalDataset);
        foreach (var pair in pairs.Where(pair => !isAside || !pairs.Any(other => other.To == pair.From)))
        {
            if (!facts.Covers(members[pair.From].SystemId, members[pair.To].SystemId))
                continue;
            if (!facts.Hosts.TryGetValue(members[pair.From].SystemId, out var from))
                continue;
            foreach (var source in PlaceFinder.Sources(members[pair.From], pair.From, from.Pools))
            {
                if (Candidate(source, members[pair.To], pair.To) is { } candidate)
                    candidates.TryAdd(candidate.Key.Id, candidate);
            }
        }
        return [.. candidates.Values];
    }

    private EdgeCandidate? Candidate(Place source, GroupMember member, int position)
    {
        if (!facts.Hosts.TryGetValue(member.SystemId, out var host))
            return null;
        var (target, fault) = PlaceFinder.Target(
            member,
            position,
            host,
            source,
            root => facts.Dataset(host.Id, new Place(position, host.Id, root).NameOf(facts.LogicalDataset)) is not null
        );
        if (
            target.SystemId == source.SystemId
            && (target.Root.IsAtOrBelow(source.Root) || source.Root.IsAtOrBelow(target.Root))
        )
            return null;
        var key = new EdgeKey(facts.Group.Id, facts.LogicalDataset, source, target);
        return IsEdge(key) ? deciding.Compare(key, policy, fault) : null;
    }

    /// <summary>
    /// Whether there is an edge: the source has the dataset; or it had, and the copy is still there to be spoken of.
    /// A pool's own root dataset cannot be received into, so it takes part only with a history that is already shared.
    /// </summary>
    private bool IsEdge(EdgeKey key)
    {
        var source = facts.Dataset(key.Source.SystemId, key.SourceDataset);
        var target = facts.Dataset(key.Target.SystemId, key.TargetDataset);
        if (source is null)
            return facts.Edges.ContainsKey(key.Id) && target is not null;
        if (source.IsPlaceholder)
            return false;
        if (facts.LogicalDataset.Length > 0 || key.Target.Root.Depth > 0)
            return true;
        var held = target?.Snapshots.Select(s => s.Guid).ToHashSet() ?? [];
        return source.Snapshots.Any(s => !s.Guid.IsUnknown && held.Contains(s.Guid));
    }
}

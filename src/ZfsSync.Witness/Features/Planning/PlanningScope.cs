using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Features.Snapshots;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>From what changed to what must be planned again: the logical datasets of the groups that the changed hosts are in, and no others.</summary>
internal sealed class PlanningScope(GroupStore groups, EdgeStore edges, InventoryStore inventory)
{
    public async Task<IReadOnlyList<PlanningRequest>> OfChangesAsync(Session session, PlanningChanges changes)
    {
        var bySystem = changes.Datasets.ToLookup(c => c.SystemId, c => c.Dataset);
        var systems = changes.Systems.Concat(bySystem.Select(s => s.Key)).ToHashSet();
        var ids = (await groups.OfSystemsAsync(session, systems)).Concat(changes.Groups).ToHashSet();
        var requests = new List<PlanningRequest>();
        foreach (var group in await groups.LoadAsync(session, ids))
        {
            if (changes.Groups.Contains(group.Id))
                requests.Add(await OfGroupAsync(session, group));
            else
                requests.AddRange(await OfMembersAsync(session, group, changes.Systems, bySystem));
        }
        return requests;
    }

    /// <summary>Everything of a group: what its sources have, and what has an edge already.</summary>
    public async Task<PlanningRequest> OfGroupAsync(Session session, GroupResource group)
    {
        var logical = (await edges.LogicalDatasetsAsync(session, group.Id)).ToHashSet(StringComparer.Ordinal);
        var sources = GroupTopology.Pairs(group).Select(p => group.Members[p.From]).Distinct().ToList();
        var names = await inventory.NamesAsync(session, [.. sources.Select(m => m.SystemId).Distinct()]);
        foreach (var member in sources)
            logical.UnionWith(names[member.SystemId].SelectMany(n => LogicalNames(member, n)));
        return new PlanningRequest(group.Id, logical, null);
    }

    private async Task<IReadOnlyList<PlanningRequest>> OfMembersAsync(
        Session session,
        GroupResource group,
        IReadOnlySet<Guid> whole,
        ILookup<Guid, DatasetName> changed
    )
    {
        var logical = new HashSet<string>(StringComparer.Ordinal);
        var only = new HashSet<Guid>();
        var all = new HashSet<Guid>();
        foreach (var member in group.Members)
        {
            // A change above a root may make the root possible, so everything below it is looked at.
            if (whole.Contains(member.SystemId) || changed[member.SystemId].Any(n => IsAbove(n, member)))
                all.Add(member.SystemId);
            else if (changed[member.SystemId].SelectMany(n => LogicalNames(member, n)).ToList() is { Count: > 0 } names)
            {
                logical.UnionWith(names);
                only.Add(member.SystemId);
            }
        }
        var requests = new List<PlanningRequest>();
        if (logical.Count > 0)
            requests.Add(new PlanningRequest(group.Id, logical, only));
        if (all.Count > 0)
            requests.Add(await OfGroupAsync(session, group) with { Only = all });
        return requests;
    }

    private static bool IsAbove(DatasetName name, GroupMember member) =>
        member.Root is { } root && root.Length > name.Value.Length && DatasetName.Parse(root).IsAtOrBelow(name);

    private static IEnumerable<string> LogicalNames(GroupMember member, DatasetName name)
    {
        var root = DatasetName.Parse(member.Root ?? name.Pool);
        if (name.RelativeTo(root) is { } logical)
            yield return logical;
    }
}

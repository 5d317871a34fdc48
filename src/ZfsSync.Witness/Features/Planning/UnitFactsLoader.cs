using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Features.Instructions;
using ZfsSync.Witness.Features.Snapshots;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>Loads what some logical datasets of a group are planned from, and nothing else.</summary>
internal sealed class UnitFactsLoader(
    EdgeStore edges,
    InstructionStore instructions,
    ApprovalStore approvals,
    HostFactsStore hosts,
    InventoryStore inventory,
    WitnessOptions options,
    TimeProvider time
)
{
    public async Task<IReadOnlyList<UnitFacts>> LoadAsync(
        Session session,
        GroupResource group,
        IReadOnlyCollection<string> logicalDatasets,
        IReadOnlySet<Guid>? only
    )
    {
        var now = time.GetUtcNow();
        var pairs = GroupTopology
            .Pairs(group)
            .Where(p => Covers(only, group.Members[p.From].SystemId, group.Members[p.To].SystemId))
            .ToList();
        var involved = pairs.SelectMany(p => new[] { p.From, p.To }).Distinct().Select(i => group.Members[i]).ToList();
        var known = await hosts.LoadAsync(
            session,
            [.. involved.Select(m => m.SystemId).Distinct()],
            now,
            SilenceLimits.Of(options)
        );
        var (datasets, receiving) = await LoadDatasetsAsync(session, known.Values, involved, logicalDatasets);
        var above = logicalDatasets.SelectMany(LogicalName.AncestorsOf);
        var rows = await edges.OfUnitsAsync(
            session,
            group.Id,
            [.. logicalDatasets.Concat(above).Distinct(StringComparer.Ordinal)]
        );
        var byLogical = rows.ToLookup(r => r.LogicalDataset, StringComparer.Ordinal);
        var ids = logicalDatasets.SelectMany(l => byLogical[l]).Select(r => r.Id).ToList();
        var open = (await instructions.OpenAsync(session, ids)).ToDictionary(i => i.EdgeId, i => i.ToFacts());
        var unfinished = (await instructions.UnfinishedAsync(session, ids))
            .GroupBy(i => i.EdgeId)
            .ToDictionary(i => i.Key, i => i.First().ToFacts());
        var consents = await approvals.ValidAsync(session, ids, now);
        var units = logicalDatasets.Select(logical => new UnitFacts
        {
            Group = group,
            LogicalDataset = logical,
            Now = now,
            Only = only,
            Hosts = known,
            Datasets = datasets,
            Receiving = receiving,
            Edges = byLogical[logical]
                .Where(r => Covers(only, r.SourceSystemId, r.TargetSystemId))
                .ToDictionary(r => r.Id, StringComparer.Ordinal),
            AncestorEdges = [.. LogicalName.AncestorsOf(logical).SelectMany(a => byLogical[a])],
            Open = open,
            Unfinished = unfinished,
            Approvals = consents,
        });
        return await new RenameSearch(inventory).AddAsync(session, [.. units], pairs);
    }

    /// <summary>The datasets themselves with their lists, and what lies above them without: one read for all hosts.</summary>
    private async Task<(
        Dictionary<(Guid, string), DatasetInventory> Datasets,
        HashSet<(Guid, string)> Receiving
    )> LoadDatasetsAsync(
        Session session,
        IEnumerable<HostFacts> known,
        List<GroupMember> involved,
        IReadOnlyCollection<string> logicalDatasets
    )
    {
        var whole = new HashSet<(Guid SystemId, DatasetName Name)>();
        var above = new HashSet<(Guid SystemId, DatasetName Name)>();
        foreach (var host in known)
        {
            var roots = involved
                .Where(m => m.SystemId == host.Id)
                .SelectMany(m => m.Root is { } root ? [root] : host.Pools)
                .Select(DatasetName.Parse);
            foreach (var root in roots)
                AddNames(host.Id, root, logicalDatasets, whole, above);
        }
        var names = whole.Concat(above).Select(one => one.Name).ToHashSet();
        var systems = whole.Select(one => one.SystemId).ToHashSet();
        var wanted = whole.Select(one => (one.SystemId, one.Name.Value)).ToHashSet();
        var datasets = new Dictionary<(Guid, string), DatasetInventory>();
        var receiving = new HashSet<(Guid, string)>();
        foreach (var stored in await inventory.LoadAsync(session, systems, names, wanted.Contains))
        {
            var name = stored.Inventory.Name;
            // Another host's root may give this name, too.
            if (!whole.Contains((stored.SystemId, name)) && !above.Contains((stored.SystemId, name)))
                continue;
            datasets[(stored.SystemId, name.Value)] = stored.Inventory;
            if (stored.IsReceiving)
                receiving.Add((stored.SystemId, name.Value));
        }
        return (datasets, receiving);
    }

    private static void AddNames(
        Guid systemId,
        DatasetName root,
        IReadOnlyCollection<string> logicalDatasets,
        HashSet<(Guid SystemId, DatasetName Name)> whole,
        HashSet<(Guid SystemId, DatasetName Name)> above
    )
    {
        foreach (var logical in logicalDatasets)
        {
            if (!DatasetName.TryParse(logical.Length == 0 ? root.Value : $"{root}/{logical}", out var name))
                continue;
            whole.Add((systemId, name));
            for (var parent = name.Parent; parent is not null && above.Add((systemId, parent)); )
                parent = parent.Parent;
        }
    }

    private static bool Covers(IReadOnlySet<Guid>? only, Guid source, Guid target) =>
        only is null || only.Contains(source) || only.Contains(target);
}

using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Groups;
using ZfsSync.Witness.Features.Instructions;
using ZfsSync.Witness.Features.Snapshots;
using ZfsSync.Witness.Hosting;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>Loads what some logical datasets of a group are planned from, and nothing else: per host one read of just these datasets.</summary>
internal sealed class UnitFactsLoader(
    EdgeStore edges,
    InstructionStore instructions,
    ApprovalStore approvals,
    HostFactsStore hosts,
    DatasetHeadStore heads,
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
        var datasets = new Dictionary<(Guid, string), DatasetInventory>();
        var receiving = new HashSet<(Guid, string)>();
        foreach (var host in known.Values)
            await LoadHostAsync(session, host, involved, logicalDatasets, datasets, receiving);

        var above = logicalDatasets.SelectMany(LogicalName.AncestorsOf);
        var rows = await edges.OfUnitsAsync(
            session,
            group.Id,
            [.. logicalDatasets.Concat(above).Distinct(StringComparer.Ordinal)]
        );
        var byLogical = rows.ToLookup(r => r.LogicalDataset, StringComparer.Ordinal);
        var ids = logicalDatasets.SelectMany(l => byLogical[l]).Select(r => r.Id).ToList();
        var open = (await instructions.OpenAsync(session, ids)).ToDictionary(i => i.EdgeId, i => i.ToFacts());
        var unproven = (await instructions.UnprovenAsync(session, ids))
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
            Unproven = unproven,
            Approvals = consents,
        });
        return await new RenameSearch(inventory).AddAsync(session, [.. units], pairs);
    }

    private async Task LoadHostAsync(
        Session session,
        HostFacts host,
        List<GroupMember> involved,
        IReadOnlyCollection<string> logicalDatasets,
        Dictionary<(Guid, string), DatasetInventory> datasets,
        HashSet<(Guid, string)> receiving
    )
    {
        var roots = involved
            .Where(m => m.SystemId == host.Id)
            .SelectMany(m => m.Root is { } root ? [root] : host.Pools)
            .Select(DatasetName.Parse)
            .ToList();
        var whole = new HashSet<DatasetName>();
        var above = new HashSet<DatasetName>();
        foreach (var root in roots)
        {
            foreach (var logical in logicalDatasets)
            {
                if (!DatasetName.TryParse(logical.Length == 0 ? root.Value : $"{root}/{logical}", out var name))
                    continue;
                whole.Add(name);
                for (var parent = name.Parent; parent is not null && above.Add(parent); parent = parent.Parent) { }
            }
        }
        above.ExceptWith(whole);
        foreach (var head in await heads.LoadAsync(session, host.Id, above))
            datasets[(host.Id, head.Inventory.Name.Value)] = head.Inventory;
        foreach (var (name, stored) in await inventory.LoadAsync(session, host.Id, whole))
        {
            datasets[(host.Id, name.Value)] = stored.Inventory;
            if (stored.IsReceiving)
                receiving.Add((host.Id, name.Value));
        }
    }

    private static bool Covers(IReadOnlySet<Guid>? only, Guid source, Guid target) =>
        only is null || only.Contains(source) || only.Contains(target);
}

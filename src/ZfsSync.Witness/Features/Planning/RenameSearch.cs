using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Snapshots;
using ZfsSync.Witness.Features.Snapshots;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>
/// For targets that lack a dataset: finds what lies below the target's root without a source any more, where the
/// history of a renamed dataset may be. A first replication asks for this; nothing else does.
/// </summary>
internal sealed class RenameSearch(InventoryStore inventory)
{
    private const int MostOrphans = 200;
    private readonly Dictionary<Guid, IReadOnlyList<DatasetName>> names = [];

    public async Task<IReadOnlyList<UnitFacts>> AddAsync(
        Session session,
        IReadOnlyList<UnitFacts> units,
        IReadOnlyList<GroupEdge> pairs
    )
    {
        var orphans = new Dictionary<(string Source, string Target), IReadOnlyList<DatasetInventory>>();
        var result = new List<UnitFacts>(units.Count);
        foreach (var unit in units)
        {
            var renamed = new Dictionary<(Guid, string), IReadOnlyList<DatasetInventory>>();
            foreach (var (source, target) in Missing(unit, pairs))
            {
                var key = ($"{source.SystemId}{source.Root}", $"{target.SystemId}{target.Root}");
                if (!orphans.TryGetValue(key, out var found))
                    orphans[key] = found = await OrphansAsync(session, source, target);
                if (found.Count > 0)
                    renamed[(target.SystemId, target.NameOf(unit.LogicalDataset))] = found;
            }
            result.Add(renamed.Count == 0 ? unit : unit with { Renamed = renamed });
        }
        return result;
    }

    private static IEnumerable<(Place Source, Place Target)> Missing(UnitFacts unit, IReadOnlyList<GroupEdge> pairs)
    {
        var members = unit.Group.Members;
        foreach (var pair in pairs)
        {
            var (from, to) = (members[pair.From], members[pair.To]);
            if (
                !unit.Hosts.TryGetValue(from.SystemId, out var source)
                || !unit.Hosts.TryGetValue(to.SystemId, out var target)
            )
                continue;
            foreach (var place in PlaceFinder.Sources(from, pair.From, source.Pools))
            {
                var (aim, fault) = PlaceFinder.Target(to, pair.To, target, place, _ => false);
                if (
                    fault is null
                    && unit.Dataset(place.SystemId, place.NameOf(unit.LogicalDataset)) is { Snapshots.Count: > 0 }
                    && unit.Dataset(aim.SystemId, aim.NameOf(unit.LogicalDataset)) is null
                )
                    yield return (place, aim);
            }
        }
    }

    private async Task<IReadOnlyList<DatasetInventory>> OrphansAsync(Session session, Place source, Place target)
    {
        var living = (await NamesAsync(session, source.SystemId))
            .Select(n => n.RelativeTo(source.Root))
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        var orphans = (await NamesAsync(session, target.SystemId))
            .Where(n => n != target.Root && n.RelativeTo(target.Root) is { } logical && !living.Contains(logical))
            .Take(MostOrphans)
            .ToList();
        if (orphans.Count == 0)
            return [];
        return [.. (await inventory.LoadAsync(session, target.SystemId, orphans)).Values.Select(s => s.Inventory)];
    }

    private async Task<IReadOnlyList<DatasetName>> NamesAsync(Session session, Guid systemId)
    {
        if (!names.TryGetValue(systemId, out var found))
            names[systemId] = found = [.. (await inventory.NamesAsync(session, [systemId]))[systemId]];
        return found;
    }
}

using ZfsSync.Contracts.Snapshots;

namespace ZfsSync.Witness.Features.Snapshots;

/// <summary>
/// One dataset on several hosts. A snapshot is the same when its guid is; where a host reports none, when name and
/// creation second are. Pure.
/// </summary>
internal sealed class HostComparison
{
    private readonly IReadOnlyList<Guid> hosts;
    private readonly Dictionary<Guid, List<FoundSnapshot>> byHost;
    private readonly List<(FoundSnapshot Snapshot, HashSet<Guid> Hosts)> all = [];

    /// <param name="hosts">The hosts asked for, in their order.</param>
    /// <param name="found">Their snapshots, oldest first.</param>
    public HostComparison(IReadOnlyList<Guid> hosts, IReadOnlyList<FoundSnapshot> found)
    {
        this.hosts = hosts;
        byHost = hosts.ToDictionary(host => host, _ => new List<FoundSnapshot>());
        var known = new Dictionary<(ulong Guid, string Name), int>();
        foreach (var snapshot in found)
        {
            byHost[snapshot.SystemId].Add(snapshot);
            var byGuid = (snapshot.GuidKnown ? snapshot.Guid.Value : 0, "");
            var bySecond = (0UL, $"{snapshot.Name}@{snapshot.CreatedAt?.ToUnixTimeSeconds()}");
            var index =
                snapshot.GuidKnown && known.TryGetValue(byGuid, out var same) ? same
                : IsMatchBySecond(snapshot, known, bySecond, out var second) ? second
                : Add(snapshot);
            all[index].Hosts.Add(snapshot.SystemId);
            if (snapshot.GuidKnown)
                known[byGuid] = index;
            known.TryAdd(bySecond, index);
        }
    }

    public IReadOnlyList<string> Common => Names(entry => entry.Count == hosts.Count);

    public IReadOnlyList<string> Unique(Guid host) => Names(entry => entry.Count == 1 && entry.Contains(host));

    public IReadOnlyList<string> Missing(Guid host) => Names(entry => !entry.Contains(host));

    public FoundSnapshot? Latest(Guid host) => byHost[host].LastOrDefault();

    public IReadOnlyList<SnapshotGap> Gaps(string dataset) =>
        [
            .. from entry in all
            from host in hosts
            where !entry.Hosts.Contains(host)
            select new SnapshotGap(host, dataset, entry.Snapshot.Name, [.. hosts.Where(entry.Hosts.Contains)]),
        ];

    private List<string> Names(Predicate<HashSet<Guid>> isWanted) =>
        [.. all.Where(entry => isWanted(entry.Hosts)).Select(entry => entry.Snapshot.Name)];

    /// <summary>Name and second count only when one of the two has no guid.</summary>
    private bool IsMatchBySecond(
        FoundSnapshot snapshot,
        Dictionary<(ulong, string), int> known,
        (ulong, string) bySecond,
        out int index
    ) =>
        known.TryGetValue(bySecond, out index)
        && !(snapshot.GuidKnown && all[index].Snapshot.GuidKnown)
        && !all[index].Hosts.Contains(snapshot.SystemId);

    private int Add(FoundSnapshot snapshot)
    {
        all.Add((snapshot, []));
        return all.Count - 1;
    }
}

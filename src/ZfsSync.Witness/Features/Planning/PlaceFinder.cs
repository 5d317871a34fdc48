using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>Finds where a member's copy of a logical dataset is, or would be.</summary>
internal static class PlaceFinder
{
    /// <summary>The places a member can be copied from: its root, or each of its host's pools.</summary>
    public static IReadOnlyList<Place> Sources(GroupMember member, int position, IReadOnlyList<string> pools) =>
        member.Root is { } root
            ? [new Place(position, member.SystemId, DatasetName.Parse(root))]
            : [.. pools.Select(p => new Place(position, member.SystemId, DatasetName.Parse(p)))];

    /// <summary>
    /// The place a member is copied to. A member without a root on a host with several pools is clear only when one
    /// of them holds the dataset, or has the name of the source's pool; else the fault says what to do, and the place is
    /// a guess to name the edge by.
    /// </summary>
    public static (Place Place, string? Fault) Target(
        GroupMember member,
        int position,
        HostFacts host,
        Place source,
        Func<DatasetName, bool> holdsDataset
    )
    {
        if (member.Root is { } root)
            return (new Place(position, member.SystemId, DatasetName.Parse(root)), null);
        var roots = host.Pools.Select(DatasetName.Parse).ToList();
        var found = roots.Count switch
        {
            // Nothing is known of the host yet, and the plan says so before it asks for the root.
            0 => source.Root,
            1 => roots[0],
            _ => roots.Where(holdsDataset).ToList() is [var only] ? only : roots.FirstOrDefault(r => r == source.Root),
        };
        return found is null
            ? (
                new Place(position, member.SystemId, source.Root),
                $"{host.Hostname} has the pools {string.Join(", ", roots)}, and none is the clear target: give the member a root."
            )
            : (new Place(position, member.SystemId, found), null);
    }
}

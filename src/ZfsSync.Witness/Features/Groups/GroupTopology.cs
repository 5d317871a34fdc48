using ZfsSync.Contracts.Groups;

namespace ZfsSync.Witness.Features.Groups;

/// <summary>Which member of a group may copy from which: the group's mode as a list of directed pairs of members.</summary>
internal static class GroupTopology
{
    /// <summary>The pairs, by the members' places in their list. In a mesh every pair is a possibility; the planner picks one source per target.</summary>
    public static IReadOnlyList<GroupEdge> Pairs(GroupResource group) =>
        [
            .. Wired(group.Mode, group.Members, group.HubSystemId, group.Edges)
                .Where(e => MayGive(group.Members[e.From]) && MayTake(group.Members[e.To])),
        ];

    /// <summary>The hub's place: the first membership of the hub's host that may be copied from; -1 when there is none.</summary>
    public static int HubPosition(IReadOnlyList<GroupMember> members, Guid? hub)
    {
        for (var i = 0; i < members.Count; i++)
        {
            if (members[i].SystemId == hub && MayGive(members[i]))
                return i;
        }
        return -1;
    }

    /// <summary>
    /// A cycle among edges, as the members it passes, the first one again at the end; null when there is none. In a cycle
    /// two hosts would each take the other's history for the true one.
    /// </summary>
    public static IReadOnlyList<int>? Cycle(IReadOnlyList<GroupEdge> edges)
    {
        var next = edges.ToLookup(e => e.From, e => e.To);
        var done = new HashSet<int>();
        var path = new List<int>();
        foreach (var start in edges.Select(e => e.From).Distinct())
        {
            if (Walk(start) is { } cycle)
                return cycle;
        }
        return null;

        IReadOnlyList<int>? Walk(int member)
        {
            if (path.IndexOf(member) is var seen and >= 0)
                return [.. path[seen..], member];
            if (!done.Add(member))
                return null;
            path.Add(member);
            foreach (var to in next[member])
            {
                if (Walk(to) is { } cycle)
                    return cycle;
            }
            path.RemoveAt(path.Count - 1);
            return null;
        }
    }

    public static bool MayGive(GroupMember member) => member.Role is not MemberRole.Target;

    public static bool MayTake(GroupMember member) => member.Role is not MemberRole.Source;

    private static IEnumerable<GroupEdge> Wired(
        GroupMode mode,
        IReadOnlyList<GroupMember> members,
        Guid? hub,
        IReadOnlyList<GroupEdge> edges
    ) =>
        mode switch
        {
            GroupMode.Hub when HubPosition(members, hub) is var from and >= 0 => Enumerable
                .Range(0, members.Count)
                .Where(to => to != from)
                .Select(to => new GroupEdge(from, to)),
            GroupMode.Chain => Enumerable.Range(0, Math.Max(0, members.Count - 1)).Select(i => new GroupEdge(i, i + 1)),
            GroupMode.Mesh => from source in Enumerable.Range(0, members.Count)
            from target in Enumerable.Range(0, members.Count)
            where source != target
            select new GroupEdge(source, target),
            GroupMode.Explicit => edges,
            _ => [],
        };
}

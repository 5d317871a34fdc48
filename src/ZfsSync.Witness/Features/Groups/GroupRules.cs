using ZfsSync.Contracts.Groups;

namespace ZfsSync.Witness.Features.Groups;

/// <summary>Turns a request into a group, or into all that is wrong with it. Pure: the hosts that exist come in as an argument.</summary>
/// <param name="hostnames">Every host, by id.</param>
internal sealed class GroupRules(IReadOnlyDictionary<Guid, string> hostnames)
{
    public const int MaxMembers = 10_000;
    private static readonly string[] Strategies = ["manual", "ignore", "use_newest", "use_largest", "use_majority"];

    /// <summary>A new group.</summary>
    public GroupDraft Create(GroupDefinition wanted, Guid id, DateTimeOffset now) =>
        Apply(
            wanted,
            new GroupResource
            {
                Id = id,
                Name = "",
                Enabled = true,
                SyncIntervalSeconds = 3600,
                Mode = GroupMode.Mesh,
                CreatedAt = now,
            },
            now
        );

    /// <summary>An existing group with what the request names changed, and the rest as it was.</summary>
    public GroupDraft Apply(GroupDefinition wanted, GroupResource group, DateTimeOffset now)
    {
        var faults = new FaultList();
        var members = Members(wanted, group, faults);
        var mode = Mode(wanted, group, faults);
        var draft = group with
        {
            Name = (wanted.Name ?? group.Name).Trim(),
            Enabled = wanted.Enabled ?? group.Enabled,
            SyncIntervalSeconds = wanted.SyncIntervalSeconds ?? group.SyncIntervalSeconds,
            Mode = mode,
            Directional = mode == GroupMode.Hub,
            HubSystemId = wanted.HubSystemId ?? group.HubSystemId,
            Members = members,
            SystemIds = [.. members.Select(m => m.SystemId).Distinct()],
            Edges = mode == GroupMode.Explicit ? wanted.Edges ?? group.Edges : [],
            Datasets = wanted.Datasets ?? group.Datasets,
            Snapshots = wanted.Snapshots ?? group.Snapshots,
            Policy = wanted.Policy ?? group.Policy,
            ConflictStrategy = wanted.ConflictStrategy ?? group.ConflictStrategy,
            ExtraMetadata = wanted.ExtraMetadata ?? group.ExtraMetadata,
            UpdatedAt = now,
        };
        Check(draft, wanted, faults);
        return new GroupDraft(draft, faults.ByField());
    }

    /// <summary>The group with one more member.</summary>
    public GroupDraft Add(GroupMemberAddition addition, GroupResource group, DateTimeOffset now) =>
        Apply(
            new GroupDefinition
            {
                Members =
                [
                    .. group.Members,
                    new GroupMember
                    {
                        SystemId = addition.SystemId,
                        Root = addition.Root,
                        Role = addition.Role,
                    },
                ],
            },
            group,
            now
        );

    private static List<GroupMember> Members(GroupDefinition wanted, GroupResource group, FaultList faults)
    {
        if (wanted.Members is { } members)
        {
            if (wanted.SystemIds is { } ids && !ids.ToHashSet().SetEquals(members.Select(m => m.SystemId)))
                faults.Add("system_ids", "names other hosts than members does; send one of the two.");
            return [.. members];
        }
        if (wanted.SystemIds is not { } systems)
            return [.. group.Members];
        var kept = group.Members.ToLookup(m => m.SystemId);
        return
        [
            .. systems.Distinct().SelectMany(id => kept.Contains(id) ? kept[id] : [new GroupMember { SystemId = id }]),
        ];
    }

    private static GroupMode Mode(GroupDefinition wanted, GroupResource group, FaultList faults)
    {
        if (wanted.Mode is { } mode)
        {
            if (wanted.Directional is { } directional && directional != (mode == GroupMode.Hub))
                faults.Add("directional", $"is true for mode hub and false for the others; mode is {Lower(mode)}.");
            return mode;
        }
        return wanted.Directional is true ? GroupMode.Hub
            : wanted.Edges is { Count: > 0 } ? GroupMode.Explicit
            : wanted.Directional is false && group.Mode == GroupMode.Hub ? GroupMode.Mesh
            : group.Mode;
    }

    private void Check(GroupResource draft, GroupDefinition wanted, FaultList faults)
    {
        faults.Require(
            draft.Name.Length is > 0 and <= 100 && !draft.Name.Any(char.IsControl),
            "name",
            "must have 1 to 100 characters, none of them a control character."
        );
        faults.Require(
            draft.SyncIntervalSeconds is >= 1 and <= 31_536_000,
            "sync_interval_seconds",
            "must be from 1 to 31536000 (a year)."
        );
        faults.Require(
            Strategies.Contains(draft.ConflictStrategy, StringComparer.Ordinal),
            "conflict_strategy",
            $"must be one of {string.Join(", ", Strategies)}."
        );
        MemberRules.Check(draft.Members, hostnames, faults, wanted.Members is null ? "system_ids" : "members");
        CheckHub(draft, faults);
        CheckEdges(draft, wanted, faults);
        PolicyRules.Check(draft, faults);
    }

    private static void CheckHub(GroupResource draft, FaultList faults)
    {
        if (draft.HubSystemId is { } hub && draft.Members.All(m => m.SystemId != hub))
            faults.Add("hub_system_id", $"{hub} is not a member; add it to the members or name one of them.");
        else if (draft.Mode == GroupMode.Hub && draft.HubSystemId is null)
            faults.Add("hub_system_id", "is required for mode hub (directional): name the member to copy from.");
        else if (draft.Mode == GroupMode.Hub && GroupTopology.HubPosition(draft.Members, draft.HubSystemId) < 0)
            faults.Add("hub_system_id", "has the role target only; a hub is copied from.");
    }

    private void CheckEdges(GroupResource draft, GroupDefinition wanted, FaultList faults)
    {
        if (draft.Mode != GroupMode.Explicit)
        {
            if (wanted.Edges is { Count: > 0 })
                faults.Add("edges", $"belong to mode explicit; mode is {Lower(draft.Mode)}.");
            return;
        }
        if (draft.Edges.Count == 0)
            faults.Add("edges", "must list at least one edge for mode explicit.");
        var sound = true;
        var seen = new HashSet<GroupEdge>();
        for (var i = 0; i < draft.Edges.Count; i++)
        {
            if (EdgeFault(draft.Edges[i], draft.Members, seen) is not { } fault)
                continue;
            faults.Add($"edges[{i}]", fault);
            sound = false;
        }
        if (sound && GroupTopology.Cycle(draft.Edges) is { } cycle)
            faults.Add(
                "edges",
                $"make a cycle: {string.Join(" → ", cycle.Select(m => Describe(draft.Members[m])))}. Remove one of these edges, or use mode mesh."
            );
    }

    private string? EdgeFault(GroupEdge edge, IReadOnlyList<GroupMember> members, HashSet<GroupEdge> seen)
    {
        if (edge.From < 0 || edge.From >= members.Count)
            return $"from is {edge.From}; the members are numbered 0 to {members.Count - 1}.";
        if (edge.To < 0 || edge.To >= members.Count)
            return $"to is {edge.To}; the members are numbered 0 to {members.Count - 1}.";
        if (edge.From == edge.To)
            return "goes from a member to itself.";
        if (!seen.Add(edge))
            return "is listed twice.";
        if (!GroupTopology.MayGive(members[edge.From]))
            return $"copies from {Describe(members[edge.From])}, whose role is target.";
        return GroupTopology.MayTake(members[edge.To])
            ? null
            : $"copies to {Describe(members[edge.To])}, whose role is source.";
    }

    private string Describe(GroupMember member)
    {
        var host = hostnames.TryGetValue(member.SystemId, out var name) ? name : member.SystemId.ToString();
        return member.Root is { } root ? $"{host}:{root}" : host;
    }

    private static string Lower(GroupMode mode) => mode.ToString().ToLowerInvariant();
}

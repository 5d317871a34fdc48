using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Witness.Features.Groups;

/// <summary>What a group's list of members must be: known hosts, valid roots, and no two roots of one host inside each other.</summary>
internal static class MemberRules
{
    public static void Check(
        IReadOnlyList<GroupMember> members,
        IReadOnlyDictionary<Guid, string> hostnames,
        FaultList faults,
        string field
    )
    {
        if (members.Count > GroupRules.MaxMembers)
        {
            faults.Add(field, $"has {members.Count} members; {GroupRules.MaxMembers} are allowed.");
            return;
        }
        var roots = new Dictionary<Guid, List<(int Position, DatasetName? Root)>>();
        for (var i = 0; i < members.Count; i++)
        {
            var member = members[i];
            if (!hostnames.ContainsKey(member.SystemId))
                faults.Add($"{field}[{i}].system_id", $"{member.SystemId} is no host that is registered here.");
            if (member.Root is not null && NameRules.DatasetFault(member.Root) is { } fault)
            {
                faults.Add($"{field}[{i}].root", $"'{member.Root}' {fault}.");
                continue;
            }
            var root = member.Root is null ? null : DatasetName.Parse(member.Root);
            if (!roots.TryGetValue(member.SystemId, out var others))
                roots[member.SystemId] = others = [];
            foreach (var (position, other) in others)
            {
                if (Overlap(root, other) is { } overlap)
                    faults.Add($"{field}[{i}].root", $"{overlap} (member {position} of the same host).");
            }
            others.Add((i, root));
        }
    }

    private static string? Overlap(DatasetName? root, DatasetName? other) =>
        (root, other) switch
        {
            (null, null) => "the host is a member twice; give each membership its own root",
            (null, not null) => $"without a root it is the whole of the host's pools, which '{other}' lies in",
            (not null, null) => $"'{root}' lies in the whole of the host's pools, which another membership takes",
            _ when root == other => $"'{root}' is already a root",
            _ when root!.IsAtOrBelow(other!) => $"'{root}' lies below the root '{other}'",
            _ when other!.IsAtOrBelow(root!) => $"'{root}' lies above the root '{other}'",
            _ => null,
        };
}

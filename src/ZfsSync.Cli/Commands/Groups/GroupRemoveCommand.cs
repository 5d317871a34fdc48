using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Cli.Views;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync group remove GROUP MEMBER...</c></summary>
internal sealed class GroupRemoveCommand : WitnessCommand
{
    private readonly Argument<string> _group = new("GROUP") { Description = "name or id" };
    private readonly Argument<string[]> _members = new(MemberText.HelpName)
    {
        Description = "a member; a host alone means all its memberships",
        Arity = ArgumentArity.OneOrMore,
    };

    public GroupRemoveCommand(Surroundings surroundings)
        : base("remove", "let hosts no longer take part; no pool is touched", surroundings)
    {
        Add(_group);
        Add(_members);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var hosts = await request.Witness.SystemsAsync(cancellation);
        var group = NameLookup.Group(
            await request.Witness.GroupsAsync(cancellation),
            request.Parse.GetRequiredValue(_group)
        );
        var leaving = request.Parse.GetRequiredValue(_members).SelectMany(m => Matching(group, hosts, m)).ToHashSet();
        if (leaving.Any(m => m.SystemId == group.HubSystemId && m.Role != MemberRole.Target))
            throw CommandFault.Usage(
                $"That is the hub of '{group.Name}': without it nothing is copied.",
                $"Delete the group: zfs-sync group delete {group.Name}"
            );
        var changed = await request.Witness.UpdateGroupAsync(group.Id, Without(group, leaving), cancellation);
        request.Screen.Data(changed, json => json.GroupResource);
        GroupWords.Show(request.Screen, changed, hosts);
        return ExitCodes.Ok;
    }

    /// <summary>Edges name members by their place, and places move up when members leave.</summary>
    private static GroupDefinition Without(GroupResource group, HashSet<GroupMember> leaving)
    {
        var staying = group.Members.Where(m => !leaving.Contains(m)).ToList();
        if (group.Mode != GroupMode.Explicit)
            return new GroupDefinition { Members = staying };
        return new GroupDefinition
        {
            Members = staying,
            Edges =
            [
                .. group
                    .Edges.Select(e => new GroupEdge(
                        staying.IndexOf(group.Members[e.From]),
                        staying.IndexOf(group.Members[e.To])
                    ))
                    .Where(e => e is { From: >= 0, To: >= 0 }),
            ],
        };
    }

    private static List<GroupMember> Matching(GroupResource group, IReadOnlyList<SystemResource> hosts, string text)
    {
        var wanted = MemberText.Parse(text);
        var host = NameLookup.Host(hosts, wanted.Host);
        var found = group
            .Members.Where(m => m.SystemId == host.Id && (wanted.Root is null || m.Root == wanted.Root))
            .ToList();
        return found.Count > 0
            ? found
            : throw CommandFault.Usage(
                $"'{text}' is no member of '{group.Name}'.",
                $"Its members: {string.Join(", ", group.Members.Select(m => GroupWords.Member(m, hosts)))}."
            );
    }
}

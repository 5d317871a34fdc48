using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Cli.Views;
using ZfsSync.Contracts.Groups;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync group add GROUP MEMBER...</c></summary>
internal sealed class GroupAddCommand : WitnessCommand
{
    private readonly Argument<string> _group = new("GROUP") { Description = "name or id" };
    private readonly Argument<string[]> _members = new(MemberText.HelpName)
    {
        Description = "a host, and the dataset there below which the copies live",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string?> _role = new("--role")
    {
        Description = "source (only copied from), target (only copied to) or both (in a hub: target; else both)",
        HelpName = "ROLE",
    };

    public GroupAddCommand(Surroundings surroundings)
        : base("add", "let hosts take part", surroundings)
    {
        _role.AcceptOnlyFromAmong("source", "target", "both");
        Add(_group);
        Add(_members);
        Add(_role);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var hosts = await request.Witness.SystemsAsync(cancellation);
        var group = NameLookup.Group(
            await request.Witness.GroupsAsync(cancellation),
            request.Parse.GetRequiredValue(_group)
        );
        if (group.Mode == GroupMode.Explicit)
            throw CommandFault.Usage(
                $"'{group.Name}' lists its edges, so a new member alone would copy nothing.",
                "Make it anew with all its edges: zfs-sync group create NAME --edge FROM,TO"
            );
        var role =
            request.Parse.GetValue(_role) is { } text ? Enum.Parse<MemberRole>(text, ignoreCase: true)
            : group.Mode == GroupMode.Hub ? MemberRole.Target
            : MemberRole.Both;
        var added = request.Parse.GetRequiredValue(_members).Select(m => MemberText.Parse(m).Resolve(hosts, role));
        var changed = await request.Witness.UpdateGroupAsync(
            group.Id,
            new GroupDefinition { Members = [.. group.Members, .. added] },
            cancellation
        );
        request.Screen.Data(changed, json => json.GroupResource);
        GroupWords.Show(request.Screen, changed, hosts);
        return ExitCodes.Ok;
    }
}

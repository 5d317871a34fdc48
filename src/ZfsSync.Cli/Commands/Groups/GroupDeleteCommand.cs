using System.CommandLine;
using ZfsSync.Cli.Input;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync group delete GROUP</c></summary>
internal sealed class GroupDeleteCommand : WitnessCommand
{
    private readonly Argument<string> _group = new("GROUP") { Description = "name or id" };
    private readonly Option<bool> _yes = Consent.YesOption();

    public GroupDeleteCommand(Surroundings surroundings)
        : base("delete", "stop keeping a group in sync; no pool is touched", surroundings)
    {
        Add(_group);
        Add(_yes);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var groups = await request.Witness.GroupsAsync(cancellation);
        var group = NameLookup.Group(groups, request.Parse.GetRequiredValue(_group));
        Consent.ToTyped(
            Surroundings,
            request.Parse.GetValue(_yes),
            $"'{group.Name}' is no longer kept in sync; what was copied stays where it is.",
            group.Name
        );
        await request.Witness.DeleteGroupAsync(group.Id, cancellation);
        request.Screen.Line($"The group '{group.Name}' is gone. No pool was touched.");
        return ExitCodes.Ok;
    }
}

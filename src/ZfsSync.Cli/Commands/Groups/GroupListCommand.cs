using ZfsSync.Cli.Views;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync group list</c></summary>
internal sealed class GroupListCommand : WitnessCommand
{
    public GroupListCommand(Surroundings surroundings)
        : base("list", "all groups", surroundings) => AddAccess();

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var groups = await request.Witness.GroupsAsync(cancellation);
        request.Screen.Data(groups, json => json.IReadOnlyListGroupResource);
        if (groups.Count == 0)
            request.Screen.Line("There is no group yet. Make one: zfs-sync group create --help");
        else
            request.Screen.Table(GroupWords.Table(groups, await request.Witness.SystemsAsync(cancellation)));
        return ExitCodes.Ok;
    }
}

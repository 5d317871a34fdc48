using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Cli.Views;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync group show GROUP</c></summary>
internal sealed class GroupShowCommand : WitnessCommand
{
    private readonly Argument<string> _group = new("GROUP") { Description = "name or id" };

    public GroupShowCommand(Surroundings surroundings)
        : base("show", "one group with its members, selection, policy and edges", surroundings)
    {
        Add(_group);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var groups = await request.Witness.GroupsAsync(cancellation);
        var group = NameLookup.Group(groups, request.Parse.GetRequiredValue(_group));
        request.Screen.Data(group, json => json.GroupResource);
        if (request.Screen.IsJson)
            return ExitCodes.Ok;
        GroupWords.Show(request.Screen, group, await request.Witness.SystemsAsync(cancellation));
        var edges = await request.Witness.EdgesAsync(group.Id, cancellation);
        if (edges.Count > 0)
        {
            request.Screen.Line();
            request.Screen.Table(EdgeTables.States(edges));
        }
        return ExitCodes.Ok;
    }
}

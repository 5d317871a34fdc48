using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Cli.Views;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync plan [GROUP]</c></summary>
internal sealed class PlanCommand : WitnessCommand
{
    private readonly Argument<string?> _group = new("GROUP")
    {
        Description = "only this group",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<bool> _all = new("--all") { Description = "with the copies that are in sync" };
    private readonly Option<bool> _exitCode = new("--exit-code")
    {
        Description = "exit 1 when something is not in sync, 5 on a conflict (else 0)",
    };

    public PlanCommand(Surroundings surroundings)
        : base("plan", "the dry run: what would be done for every copy, and why", surroundings)
    {
        Notes =
        [
            "Shows the witness's last decisions. It decides anew after every report; nothing is changed by looking.",
        ];
        Add(_group);
        Add(_all);
        Add(_exitCode);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        Guid? group = request.Parse.GetValue(_group) is { } name
            ? NameLookup.Group(await request.Witness.GroupsAsync(cancellation), name).Id
            : null;
        var edges = await request.Witness.EdgesAsync(group, cancellation);
        request.Screen.Data(edges, json => json.IReadOnlyListEdgeResource);
        PlanPage.Show(request.Screen, edges, request.Parse.GetValue(_all), Surroundings.Time.GetUtcNow());
        return request.Parse.GetValue(_exitCode) ? EdgeResult.ExitCodeOf(edges) : ExitCodes.Ok;
    }
}

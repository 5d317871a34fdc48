using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Cli.Output;
using ZfsSync.Cli.Views;
using ZfsSync.Contracts.Groups;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync sync [GROUP...]</c></summary>
internal sealed class SyncCommand : WitnessCommand
{
    private readonly Argument<string[]> _groups = new("GROUP")
    {
        Description = "the groups (all that are switched on)",
        Arity = ArgumentArity.ZeroOrMore,
    };
    private readonly Option<string?> _timeout = new("--timeout")
    {
        Description = $"how long to wait: {Amount.TimeSyntax} (until it is done)",
        HelpName = Amount.TimeHelpName,
    };
    private readonly Option<bool> _noWait = new("--no-wait") { Description = "ask, and do not wait for the end" };

    public SyncCommand(Surroundings surroundings)
        : base("sync", "bring copies up to date now, wait for the proof, and exit by the result", surroundings)
    {
        Notes =
        [
            "Interrupting it stops only the waiting. Exits 0 when every copy is in sync by its own inventory, 5 on a conflict, 1 otherwise.",
        ];
        Add(_groups);
        Add(_timeout);
        Add(_noWait);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var all = await request.Witness.GroupsAsync(cancellation);
        var groups = request.Parse.GetValue(_groups) is { Length: > 0 } names
            ? names.Select(n => NameLookup.Group(all, n)).DistinctBy(g => g.Id).ToList()
            : [.. all.Where(g => g.Enabled)];
        RefuseDisabled(groups);
        if (groups.Count == 0)
        {
            request.Screen.Line("There is no group to sync. Make one: zfs-sync group create --help");
            request.Screen.Data([], json => json.IReadOnlyListEdgeResource);
            return ExitCodes.Ok;
        }
        var wait = new SyncWait(request.Witness, groups, Surroundings.Time);
        var start = await wait.StartAsync(cancellation);
        if (request.Parse.GetValue(_noWait))
        {
            request.Screen.Data(start.Edges, json => json.IReadOnlyListEdgeResource);
            request.Screen.Line(PlanPage.Summary(start.Edges));
            return ExitCodes.Ok;
        }
        var timeout = AmountOption.Seconds(request.Parse, _timeout) is { } seconds
            ? TimeSpan.FromSeconds(seconds)
            : (TimeSpan?)null;
        var end = await new SyncDisplay(request.Screen).FollowAsync(wait, start, timeout, cancellation);
        request.Screen.Data(end.Edges, json => json.IReadOnlyListEdgeResource);
        SyncSummary.Show(request.Screen, end);
        return end.ExitCode;
    }

    private static void RefuseDisabled(IReadOnlyList<GroupResource> groups)
    {
        if (groups.FirstOrDefault(g => !g.Enabled) is { } off)
            throw CommandFault.Usage(
                $"The group '{off.Name}' is switched off.",
                $"Switch it on: zfs-sync group edit {off.Name} --enable"
            );
    }
}

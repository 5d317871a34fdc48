using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Cli.Views;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Groups;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync plan [GROUP]</c></summary>
internal sealed class PlanCommand : WitnessCommand
{
    private const int AnswerWithinSeconds = 30;

    private readonly Argument<string?> _group = new("GROUP")
    {
        Description = "only this group",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<bool> _all = new("--all") { Description = "with the copies that are in sync" };
    private readonly Option<bool> _last = new("--last")
    {
        Description = "the last decisions, without asking the hosts",
    };
    private readonly Option<bool> _exitCode = new("--exit-code")
    {
        Description = "exit 1 when something is not in sync, 5 on a conflict (else 0)",
    };

    public PlanCommand(Surroundings surroundings)
        : base("plan", "the dry run: what would be done for every copy, and why", surroundings)
    {
        Notes =
        [
            $"Asks the hosts to look now, waits at most {AnswerWithinSeconds} seconds for those that are heard of, and shows what the witness decides then. Nothing is changed by looking.",
        ];
        Add(_group);
        Add(_all);
        Add(_last);
        Add(_exitCode);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var groups = await request.Witness.GroupsAsync(cancellation);
        var group = request.Parse.GetValue(_group) is { } name ? NameLookup.Group(groups, name) : null;
        if (!request.Parse.GetValue(_last))
            await LookAsync(request, group is null ? [.. groups.Where(g => g.Enabled)] : [group], cancellation);
        var edges = await request.Witness.EdgesAsync(group?.Id, cancellation);
        request.Screen.Data(edges, json => json.IReadOnlyListEdgeResource);
        PlanPage.Show(request.Screen, edges, request.Parse.GetValue(_all), Surroundings.Time.GetUtcNow());
        return request.Parse.GetValue(_exitCode) ? EdgeResult.ExitCodeOf(edges) : ExitCodes.Ok;
    }

    /// <summary>Has the hosts look and the witness decide; says who did not answer.</summary>
    private static async Task LookAsync(
        Request request,
        IReadOnlyList<GroupResource> groups,
        CancellationToken cancellation
    )
    {
        if (request.Screen.IsLive)
            request.Screen.Note("Asking the hosts to look now.");
        try
        {
            var answers = await Task.WhenAll(
                groups.Select(g => request.Witness.CheckAsync(g.Id, AnswerWithinSeconds, cancellation))
            );
            foreach (var host in answers.SelectMany(a => a.Awaited).Distinct().Order(StringComparer.Ordinal))
                request.Screen.Note($"{host} did not answer: what is said of it is from its last report.");
        }
        catch (WitnessException fault) when (fault.Code == ProblemCodes.Forbidden)
        {
            request.Screen.Note("This key may look, but not ask: these are the last decisions.");
        }
    }
}

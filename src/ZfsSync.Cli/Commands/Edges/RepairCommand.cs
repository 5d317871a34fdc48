using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Cli.Output;
using ZfsSync.Cli.Views;
using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync repair EDGE [OPTION]</c></summary>
internal sealed class RepairCommand : WitnessCommand
{
    private readonly Argument<string> _edge = new("EDGE") { Description = "id, or its dataset" };
    private readonly Argument<string?> _option = new("OPTION")
    {
        Description = "the way out, for instance rollback; without it all are shown",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<bool> _yes = Consent.YesOption();
    private readonly Option<string[]> _destroys = new("--destroys")
    {
        Description = "with --yes: exactly the snapshots that may be lost, by guid, separated by commas",
        HelpName = "GUIDS",
    };
    private readonly Option<string?> _expires = new("--expires")
    {
        Description = $"how long the consent holds: {Amount.TimeSyntax} (1h, at most 1d)",
        HelpName = Amount.TimeHelpName,
    };

    public RepairCommand(Surroundings surroundings)
        : base("repair", "choose a way out of a conflict; shows exactly what it destroys, and asks", surroundings)
    {
        Examples =
        [
            ("zfs-sync repair 0123456789abcdef", "the ways out"),
            ("zfs-sync repair 0123456789abcdef rollback", "takes one, after you typed the dataset's name"),
            ("zfs-sync repair 0123456789abcdef rollback --yes --destroys 1234,5678", "the same in a script"),
        ];
        Add(_edge);
        Add(_option);
        Add(_yes);
        Add(_destroys);
        Add(_expires);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var edges = await request.Witness.EdgesAsync(null, cancellation);
        var edge = NameLookup.Edge(edges, request.Parse.GetRequiredValue(_edge));
        if (request.Parse.GetValue(_option) is not { } name)
            return ShowOptions(request.Screen, edge);
        var option = Choose(edge, name);
        AskFor(request, edge, option);
        var answer = await request.Witness.ApproveAsync(
            edge.EdgeId,
            new RepairApproval
            {
                Kind = option.Kind,
                Destroys = option.Destroys,
                ExpiresSeconds = (int)(AmountOption.Seconds(request.Parse, _expires) ?? 3600),
            },
            cancellation
        );
        request.Screen.Data(answer, json => json.ApprovalAnswer);
        request.Screen.Line(
            $"Approved until {Amounts.Instant(answer.ExpiresAt)}: the agent checks the guids again, then does it."
        );
        request.Screen.Line($"Follow it: zfs-sync sync {edge.GroupName}");
        return ExitCodes.Ok;
    }

    private static int ShowOptions(Screen screen, EdgeResource edge)
    {
        screen.Data(edge, json => json.EdgeResource);
        screen.Line(EdgeTables.Name(edge), Tone.Heading);
        screen.Line($"  {edge.Text}");
        foreach (var line in edge.Evidence)
            screen.Line($"  - {line}");
        if (edge.Repairs.Count == 0)
            screen.Line("  Nothing needs a repair.");
        RepairList.Show(screen, edge);
        return EdgeResult.ExitCodeOf([edge]);
    }

    private static RepairOption Choose(EdgeResource edge, string name)
    {
        var wanted = name.Replace('-', '_');
        var offered = edge.Repairs.Where(r => r.Executable).Select(r => Words.Code(r.Kind)).ToList();
        if (edge.Repairs.FirstOrDefault(r => Words.Code(r.Kind) == wanted) is not { } option)
        {
            var meant = Likeness.Nearest(wanted, offered);
            throw CommandFault.Usage(
                $"'{name}' is no way out for {EdgeTables.Name(edge)}"
                    + (meant is null ? "." : $"; did you mean '{meant}'?"),
                offered.Count == 0 ? "It needs no repair." : $"Offered: {string.Join(", ", offered)}."
            );
        }
        return option.Executable
            ? option
            : throw CommandFault.Usage($"{Words.Code(option.Kind)} is not done by zfs-sync: {option.Text}");
    }

    private void AskFor(Request request, EdgeResource edge, RepairOption option)
    {
        var losses = RepairList.Losses(option).ToList();
        if (request.Parse.GetValue(_yes))
        {
            RequireSameGuids(request.Parse, edge, option);
            return;
        }
        request.Screen.Note($"{EdgeTables.Name(edge)}");
        request.Screen.Note($"  {option.Text}");
        foreach (var loss in losses)
            request.Screen.Note($"  {loss}");
        if (!Surroundings.IsInTerminal)
            throw CommandFault.Usage(
                "Nobody can be asked here, because standard input is no terminal.",
                RepairList.CommandWithConsent(edge, option)
            );
        Consent.ToTyped(
            Surroundings,
            yes: false,
            losses.Count == 0 ? "No snapshot is destroyed." : "This cannot be taken back.",
            edge.Target.Dataset
        );
    }

    /// <summary>A script consents to what somebody saw, not to whatever the plan has become.</summary>
    private void RequireSameGuids(ParseResult parse, EdgeResource edge, RepairOption option)
    {
        var named = new HashSet<SnapshotGuid>();
        foreach (var text in (parse.GetValue(_destroys) ?? []).SelectMany(t => t.Split(',')).Where(t => t.Length > 0))
        {
            if (!SnapshotGuid.TryParse(text, out var guid))
                throw CommandFault.Usage(
                    $"--destroys names '{text}', which is no guid.",
                    "A guid is a decimal number."
                );
            named.Add(guid);
        }
        if (!named.SetEquals(option.Destroys))
            throw new CommandFault(
                ExitCodes.NeedsPerson,
                option.Destroys.Count == 0
                    ? $"{Words.Code(option.Kind)} destroys no snapshot, and --destroys names some: the plan has changed."
                    : $"{Words.Code(option.Kind)} would destroy other snapshots than --destroys names: {string.Join(", ", option.DestroysNames.Select(n => "@" + n))}.",
                $"Look at it, then: {RepairList.CommandWithConsent(edge, option)}"
            );
    }
}

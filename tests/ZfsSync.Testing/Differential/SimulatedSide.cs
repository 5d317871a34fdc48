using ZfsSync.Simulation;
using ZfsSync.Testing.Zfs;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Testing.Differential;

/// <summary>Runs a sequence on the model.</summary>
public sealed class SimulatedSide
{
    private const string HostName = "simulated";

    private readonly SimulatedFleet _fleet;
    private readonly SimulatedHost _host;
    private readonly ICommandRunner _root;
    private readonly SequenceNames _names;
    private readonly Dictionary<string, string> _tokens = new(StringComparer.Ordinal);

    public SimulatedSide(ZfsRelease release, string name = "d")
    {
        _fleet = new SimulatedFleet(TimeProvider.System, seed: 1);
        _host = _fleet.AddHost(HostName, release);
        _host.AddPool(ZfsUnderTest.SourcePool);
        _host.AddPool(ZfsUnderTest.TargetPool);
        _root = _fleet.RunnerOn(HostName);
        _names = new SequenceNames(name);
        foreach (var root in _names.Roots)
            _host.Zfs($"create {root}");
    }

    public async Task<StepOutcome> RunAsync(SequenceStep step, CancellationToken cancellation)
    {
        var (send, result) = step switch
        {
            ZfsStep zfs => (null, await ZfsAsync(zfs.Arguments, cancellation)),
            WriteStep write => (null, await WriteAsync(write, cancellation)),
            TransferStep transfer => await TransferAsync(transfer, cancellation),
            _ => throw new ArgumentException($"unknown step {step}", nameof(step)),
        };
        var nodes = ListedNode.Parse(
            await ListAsync(
                ["list", "-Hp", "-r", "-t", "all", "-o", string.Join(',', ListedNode.Columns)],
                _names.Roots,
                cancellation
            )
        );
        var held = nodes.Where(node => node.IsHeld).Select(node => node.Name).ToList();
        var holds = held.Count == 0 ? "" : await ListAsync(["holds", "-H"], held, cancellation);
        var sources = await ListAsync(PropertySources.Arguments, _names.Roots, cancellation);
        return new StepOutcome(
            result.ExitCode,
            _names.Shown(result.ErrorTail),
            nodes,
            HeldTags(holds),
            PropertySources.Parse(sources)
        )
        {
            SendExitCode = send?.ExitCode ?? 0,
            SendError = _names.Shown(send?.ErrorTail ?? ""),
        };
    }

    /// <summary>What there is of these: any of them may be gone.</summary>
    private async Task<string> ListAsync(
        IEnumerable<string> arguments,
        IEnumerable<string> names,
        CancellationToken cancellation
    ) => _names.Shown((await ZfsAsync([.. arguments, .. names], cancellation)).Output);

    /// <summary>Snapshot and tag, without the time.</summary>
    public static List<string> HeldTags(string holds) =>
        [
            .. holds
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => string.Join(' ', line.Split('\t')[..2]))
                .Order(StringComparer.Ordinal),
        ];

    private Task<CommandResult> ZfsAsync(IEnumerable<string> arguments, CancellationToken cancellation) =>
        _root.RunAsync(new Command("zfs", [.. arguments.Select(Word)]), null, cancellation);

    private async Task<CommandResult> WriteAsync(WriteStep step, CancellationToken cancellation)
    {
        var dataset = _names.Real(step.Dataset);
        var state = await ZfsAsync(["get", "-H", "-o", "value", "mounted,readonly", dataset], cancellation);
        if (state.Output != "yes\noff\n")
            return new CommandResult(1, "", "");
        _host.Write(dataset, step.File, step.Bytes);
        return new CommandResult(0, "", "");
    }

    private async Task<(CommandResult Send, CommandResult Receive)> TransferAsync(
        TransferStep step,
        CancellationToken cancellation
    )
    {
        if (step.Cut != StreamCut.None)
            _fleet.BreakNextStream(
                step.Cut == StreamCut.Half ? StreamFault.CutHalfway : StreamFault.CutBeforeEnd(TransferStep.EndBytes)
            );
        var result = await _root.PipeAsync(
            [
                new Command("zfs", ["send", .. step.Send.Select(Word)]),
                new Command("zfs", ["receive", .. step.Receive.Select(Word)]),
            ],
            PipeOptions.None,
            cancellation
        );
        _fleet.BreakNoStreams();
        if (step.Cut != StreamCut.None)
        {
            var token = await ZfsAsync(["get", "-H", "-o", "value", "receive_resume_token", step.Into], cancellation);
            _tokens[$"${step.Number}"] = token.ExitCode == 0 ? token.Output.Trim() : "";
        }
        return (result.Stages[0], result.Stages[^1]);
    }

    private string Word(string word) => word.StartsWith('$') ? _tokens.GetValueOrDefault(word, "") : _names.Real(word);
}

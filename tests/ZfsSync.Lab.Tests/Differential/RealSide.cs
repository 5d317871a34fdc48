using System.Text.Json;
using ZfsSync.Lab.Tests.Lab;
using ZfsSync.Testing.Differential;
using ZfsSync.Testing.Zfs;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Lab.Tests.Differential;

/// <summary>Runs sequences in a VM: the whole of one over one connection, below datasets that no other has.</summary>
internal sealed class RealSide(ZfsUnderTest zfs)
{
    private static readonly string Driver = File.ReadAllText(
        Path.Combine(LabScript.Checkout, "tests", "ZfsSync.Lab.Tests", "Differential", "driver.py")
    );

    /// <summary>Runs the steps until <paramref name="onOutcome"/> says that it has seen enough.</summary>
    public async Task RunAsync(
        GeneratedSequence sequence,
        Func<int, StepOutcome, bool> onOutcome,
        CancellationToken cancellation
    )
    {
        var names = new SequenceNames($"d{zfs.NextName()}");
        var lines = new List<string> { Setup(names) };
        IReadOnlyList<string> before = [];
        foreach (var (step, outcome) in sequence.Steps.Zip(sequence.Outcomes))
        {
            List<string> after = [.. outcome.Nodes.Select(node => node.Name)];
            lines.Add(Line(step, names, [.. after.Except(before)], [.. before.Except(after)]));
            before = after;
        }
        var input = string.Join('\n', lines);
        var folder = $"/tmp/{names.Roots[0].Replace('/', '-')}";
        await PutAsync($"{folder}.py", Driver, cancellation);
        for (var at = 0; at * InputPart < input.Length; at++)
            await PutAsync(
                $"{folder}.json",
                input.Substring(at * InputPart, Math.Min(InputPart, input.Length - (at * InputPart))),
                cancellation,
                isMore: at > 0
            );
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var number = 0;
        try
        {
            var result = await zfs.Runner.RunAsync(
                zfs.Address(new Command("python3", $"{folder}.py", $"{folder}.json"), isOrdinaryUser: false),
                line =>
                {
                    if (!enough.IsCancellationRequested && !onOutcome(number, Outcome(line, names)))
                        enough.Cancel();
                    number++;
                },
                enough.Token
            );
            if (result.ExitCode != 0)
                throw new InvalidOperationException($"the driver ended with {result.ExitCode}: {result.ErrorTail}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested) { }
    }

    /// <summary>An argument has at most 128 KiB.</summary>
    private const int InputPart = 60_000;

    private async Task PutAsync(string path, string text, CancellationToken cancellation, bool isMore = false)
    {
        var line = $"printf %s {Core.Display.ShellQuoter.Quote(text)} {(isMore ? ">>" : ">")}{path}";
        var result = await zfs.Runner.RunAsync(
            zfs.Address(new Command("sh", "-c", line), isOrdinaryUser: false),
            null,
            cancellation
        );
        if (result.ExitCode != 0)
            throw new InvalidOperationException($"{path}: {result.ErrorTail}");
    }

    private static string Setup(SequenceNames names) =>
        JsonSerializer.Serialize(
            new Dictionary<string, object>
            {
                ["roots"] = names.Roots,
                ["columns"] = ListedNode.Columns,
                ["sources"] = PropertySources.Names,
                ["keys"] = SequenceGenerator.KeyLocations.Select(location => new Uri(location).LocalPath),
            }
        );

    private static string Line(
        SequenceStep step,
        SequenceNames names,
        IReadOnlyList<string> made,
        IReadOnlyList<string> gone
    )
    {
        var fields = new Dictionary<string, object>
        {
            ["number"] = step.Number,
            ["made"] = made.Select(names.Real),
            ["gone"] = gone.Select(names.Real),
        };
        switch (step)
        {
            case ZfsStep zfs:
                fields["kind"] = "zfs";
                fields["arguments"] = zfs.Arguments.Select(names.Real);
                break;
            case WriteStep write:
                fields["kind"] = "write";
                fields["dataset"] = names.Real(write.Dataset);
                fields["file"] = write.File;
                fields["bytes"] = write.Bytes;
                break;
            case TransferStep transfer:
                fields["kind"] = "transfer";
                fields["send"] = transfer.Send.Select(names.Real);
                fields["receive"] = transfer.Receive.Select(names.Real);
                fields["into"] = names.Real(transfer.Into);
                fields["cut"] = transfer.Cut.ToString();
                fields["end_bytes"] = TransferStep.EndBytes;
                break;
        }
        return JsonSerializer.Serialize(fields);
    }

    private static StepOutcome Outcome(string line, SequenceNames names)
    {
        using var document = JsonDocument.Parse(line);
        var fields = document.RootElement;
        return new StepOutcome(
            fields.GetProperty("exit").GetInt32(),
            Text("error"),
            ListedNode.Parse(Text("nodes")),
            SimulatedSide.HeldTags(Text("holds")),
            PropertySources.Parse(Text("sources"))
        )
        {
            SendExitCode = fields.TryGetProperty("send_exit", out var exit) ? exit.GetInt32() : 0,
            SendError = Text("send_error"),
        };

        string Text(string name) => fields.TryGetProperty(name, out var value) ? names.Shown(value.GetString()!) : "";
    }
}

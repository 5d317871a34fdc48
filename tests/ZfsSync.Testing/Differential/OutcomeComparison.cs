using System.Text.RegularExpressions;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Testing.Differential;

/// <summary>
/// Finds the first difference between the model and a real ZFS. Guids differ from side to side: each is paired with the
/// one that stands in its place when it is first seen, and must keep to it.
/// </summary>
public sealed partial class OutcomeComparison
{
    private const int ExitOfSigPipe = 141;

    private readonly Dictionary<string, string> _realBySimulated = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _simulatedByReal = new(StringComparer.Ordinal);

    /// <summary>What differs; null when nothing does.</summary>
    public string? Difference(StepOutcome simulated, StepOutcome real) =>
        Ends(simulated, real)
        ?? Lists("listing", simulated.Nodes.Select(node => node.Comparable), real.Nodes.Select(node => node.Comparable))
        ?? simulated.Nodes.Zip(real.Nodes).Select(pair => Guids(pair.First, pair.Second)).FirstOrDefault(Found)
        ?? Lists("order of making", Order(simulated.Nodes), Order(real.Nodes))
        ?? Lists("holds", simulated.Holds, real.Holds)
        ?? Lists("sources of properties", simulated.Sources, real.Sources);

    private static bool Found(string? difference) => difference is not null;

    /// <summary>Texts that differ, of commands that agree in everything else.</summary>
    public HashSet<string> Texts { get; } = [];

    private string? Ends(StepOutcome simulated, StepOutcome real) =>
        End("", simulated.ExitCode, simulated.Error, real.ExitCode, real.Error)
        ?? (
            simulated.SendExitCode == ExitOfSigPipe
                ? null
                : End("send: ", simulated.SendExitCode, simulated.SendError, real.SendExitCode, real.SendError)
        );

    private string? End(string who, int simulated, string simulatedText, int real, string realText)
    {
        var (ours, theirs) = (Plain(simulatedText), Plain(realText));
        if (simulated != real)
            return $"{who}exit {simulated} ({ours}) is really {real} ({theirs})";
        // What destroy -R warns of while it succeeds depends on the order in which it goes through datasets: any.
        if (simulated != 0 && ErrorClassifier.Classify(ours) is var kind && kind != ErrorClassifier.Classify(theirs))
            return $"{who}{kind} ({ours}) is really {ErrorClassifier.Classify(theirs)} ({theirs})";
        if (ours != theirs)
            Texts.Add($"{who}the text '{ours}' is really '{theirs}'");
        return null;
    }

    /// <summary>Without what differs from run to run: guids in hex, tokens, usages.</summary>
    private static string Plain(string text)
    {
        var usage = text.IndexOf("usage:", StringComparison.Ordinal);
        text = usage < 0 ? text : text[..usage];
        return Token().Replace(Hex().Replace(text, "0x…"), "TOKEN").Trim();
    }

    private string? Guids(ListedNode simulated, ListedNode real)
    {
        var known = _realBySimulated.TryGetValue(simulated.Guid, out var itsReal);
        var knownToo = _simulatedByReal.TryGetValue(real.Guid, out var itsSimulated);
        if (!known && !knownToo)
        {
            _realBySimulated.Add(simulated.Guid, real.Guid);
            _simulatedByReal.Add(real.Guid, simulated.Guid);
            return null;
        }
        return itsReal == real.Guid && itsSimulated == simulated.Guid
            ? null
            : $"{simulated.Name} has {(known ? "a known" : "a new")} guid and really {(knownToo ? "another known" : "a new")} one";
    }

    /// <summary>Snapshots and bookmarks of each dataset by createtxg; those of one txg together.</summary>
    private static IEnumerable<string> Order(IReadOnlyList<ListedNode> nodes) =>
        nodes
            .Where(node => !node.IsDataset)
            .GroupBy(node => node.Owner)
            .Select(group =>
                string.Join(
                    " < ",
                    group
                        .GroupBy(node => node.CreateTxg)
                        .OrderBy(same => same.Key)
                        .Select(same =>
                            string.Join(" = ", same.Select(node => node.Name).Order(StringComparer.Ordinal))
                        )
                )
            );

    private static string? Lists(string what, IEnumerable<string> simulated, IEnumerable<string> real)
    {
        var (ours, theirs) = (simulated.ToList(), real.ToList());
        if (ours.SequenceEqual(theirs))
            return null;
        var surplus = ours.Except(theirs).Select(line => $"\n  simulated: {line}");
        var missing = theirs.Except(ours).Select(line => $"\n  real:      {line}");
        var lines = surplus.Concat(missing).ToList();
        return $"{what} differs:{(lines.Count > 0 ? string.Concat(lines) : " the order\n  " + string.Join("\n  ", theirs))}";
    }

    [GeneratedRegex("0x[0-9a-f]+")]
    private static partial Regex Hex();

    [GeneratedRegex("1-[0-9a-f]+-[0-9a-f]+-[0-9a-f]+")]
    private static partial Regex Token();
}

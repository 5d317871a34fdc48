using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Cli.Output;
using ZfsSync.Cli.Views;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync snapshot compare DATASET [HOST...]</c></summary>
internal sealed class SnapshotCompareCommand : WitnessCommand
{
    private readonly Argument<string> _dataset = new("DATASET")
    {
        Description = "with the pool in front, or without it",
    };
    private readonly Argument<string[]> _hosts = new("HOST")
    {
        Description = "the hosts to compare (all)",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public SnapshotCompareCommand(Surroundings surroundings)
        : base("compare", "one dataset on several hosts: what all have, what one lacks", surroundings)
    {
        Notes = ["Exit code 1 when a host lacks a snapshot that another one has."];
        Add(_dataset);
        Add(_hosts);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var hosts = await request.Witness.SystemsAsync(cancellation);
        var named = request.Parse.GetValue(_hosts) is { Length: > 0 } names
            ? names.Select(n => NameLookup.Host(hosts, n)).ToList()
            : [.. hosts];
        var dataset = request.Parse.GetRequiredValue(_dataset);
        var comparison = await request.Witness.CompareAsync(dataset, [.. named.Select(h => h.Id)], cancellation);
        request.Screen.Data(comparison, json => json.DatasetComparison);
        request.Screen.Line(
            $"{dataset}: {Amounts.Count(comparison.CommonSnapshots.Count, "snapshot")} on all of {Amounts.Count(named.Count, "host")}."
        );
        request.Screen.Table(SnapshotTables.Comparison(comparison, named));
        var isSame = comparison.MissingSnapshots.Values.All(missing => missing.Count == 0);
        return isSame ? ExitCodes.Ok : ExitCodes.NotInSync;
    }
}

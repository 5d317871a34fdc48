using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Cli.Views;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync snapshot list [DATASET]</c></summary>
internal sealed class SnapshotListCommand : WitnessCommand
{
    private readonly Argument<string?> _dataset = new("DATASET")
    {
        Description = "only those of this dataset, pool first",
        Arity = ArgumentArity.ZeroOrOne,
    };
    private readonly Option<string?> _host = new("--host")
    {
        Description = "only those of this host",
        HelpName = "HOST",
    };

    public SnapshotListCommand(Surroundings surroundings)
        : base("list", "the snapshots that the witness knows", surroundings)
    {
        Add(_dataset);
        Add(_host);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var hosts = await request.Witness.SystemsAsync(cancellation);
        var host = request.Parse.GetValue(_host) is { } name ? NameLookup.Host(hosts, name) : null;
        var snapshots = await request.Witness.SnapshotsAsync(host?.Id, request.Parse.GetValue(_dataset), cancellation);
        request.Screen.Data(snapshots, json => json.IReadOnlyListSnapshotResource);
        if (snapshots.Count == 0)
            request.Screen.Line("The witness knows no such snapshot.");
        else
            request.Screen.Table(SnapshotTables.List(snapshots, hosts));
        return ExitCodes.Ok;
    }
}

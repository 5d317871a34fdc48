using ZfsSync.Cli.Views;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync host list</c></summary>
internal sealed class HostListCommand : WitnessCommand
{
    public HostListCommand(Surroundings surroundings)
        : base("list", "all hosts, with their last report and pools", surroundings) => AddAccess();

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var hosts = await request.Witness.SystemsAsync(cancellation);
        request.Screen.Data(hosts, json => json.IReadOnlyListSystemResource);
        if (hosts.Count == 0)
            request.Screen.Line("No host has joined yet. Let one join: zfs-sync key create --kind enrollment NAME");
        else
            request.Screen.Table(HostTable.Of(hosts, Surroundings.Time.GetUtcNow()));
        return ExitCodes.Ok;
    }
}

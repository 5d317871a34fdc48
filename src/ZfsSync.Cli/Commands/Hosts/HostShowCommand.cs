using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Cli.Output;
using ZfsSync.Cli.Views;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync host show HOST</c></summary>
internal sealed class HostShowCommand : WitnessCommand
{
    private readonly Argument<string> _host = new("HOST") { Description = "name or id" };

    public HostShowCommand(Surroundings surroundings)
        : base("show", "everything about one host", surroundings)
    {
        Add(_host);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var hosts = await request.Witness.SystemsAsync(cancellation);
        var host = NameLookup.Host(hosts, request.Parse.GetRequiredValue(_host));
        request.Screen.Data(host, json => json.SystemResource);
        request.Screen.Table(HostPage.Facts(host, Surroundings.Time.GetUtcNow()));
        if (host.Pools.Count > 0)
        {
            request.Screen.Line();
            request.Screen.Table(HostPage.Pools(host));
        }
        if (host.FrozenReason is not null)
        {
            request.Screen.Line();
            request.Screen.Line($"Its plans stand still: {host.FrozenReason}", Tone.Warning);
            request.Screen.Line($"When that is as it should be: zfs-sync host thaw {host.Hostname}");
        }
        return ExitCodes.Ok;
    }
}

using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync host thaw HOST</c></summary>
internal sealed class HostThawCommand : WitnessCommand
{
    private readonly Argument<string> _host = new("HOST") { Description = "name or id" };

    public HostThawCommand(Surroundings surroundings)
        : base("thaw", "let a host's plans go on after much vanished there at once", surroundings)
    {
        Add(_host);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var hosts = await request.Witness.SystemsAsync(cancellation);
        var host = NameLookup.Host(hosts, request.Parse.GetRequiredValue(_host));
        var thawed = await request.Witness.UpdateSystemAsync(
            host.Id,
            new SystemUpdate { Frozen = false },
            cancellation
        );
        request.Screen.Data(thawed, json => json.SystemResource);
        request.Screen.Line(
            host.FrozenReason is null
                ? $"{host.Hostname} was not frozen."
                : $"{host.Hostname}'s plans go on. They stood still because: {host.FrozenReason}"
        );
        return ExitCodes.Ok;
    }
}

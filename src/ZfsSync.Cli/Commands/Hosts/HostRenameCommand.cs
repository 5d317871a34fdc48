using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync host rename HOST NAME</c></summary>
internal sealed class HostRenameCommand : WitnessCommand
{
    private readonly Argument<string> _host = new("HOST") { Description = "name or id" };
    private readonly Argument<string> _name = new("NAME") { Description = "its new name" };

    public HostRenameCommand(Surroundings surroundings)
        : base("rename", "call a host something else; its groups, keys and history stay", surroundings)
    {
        Add(_host);
        Add(_name);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var hosts = await request.Witness.SystemsAsync(cancellation);
        var host = NameLookup.Host(hosts, request.Parse.GetRequiredValue(_host));
        var update = new SystemUpdate { Hostname = request.Parse.GetRequiredValue(_name) };
        var renamed = await request.Witness.UpdateSystemAsync(host.Id, update, cancellation);
        request.Screen.Data(renamed, json => json.SystemResource);
        request.Screen.Line($"{host.Hostname} is now {renamed.Hostname}.");
        return ExitCodes.Ok;
    }
}

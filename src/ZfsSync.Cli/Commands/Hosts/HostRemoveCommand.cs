using System.CommandLine;
using ZfsSync.Cli.Input;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync host remove HOST</c></summary>
internal sealed class HostRemoveCommand : WitnessCommand
{
    private readonly Argument<string> _host = new("HOST") { Description = "name or id" };
    private readonly Option<bool> _yes = Consent.YesOption();

    public HostRemoveCommand(Surroundings surroundings)
        : base("remove", "forget a host: its inventory, its key and its memberships; no pool is touched", surroundings)
    {
        Add(_host);
        Add(_yes);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var hosts = await request.Witness.SystemsAsync(cancellation);
        var host = NameLookup.Host(hosts, request.Parse.GetRequiredValue(_host));
        var groups = await request.Witness.GroupsAsync(cancellation);
        var memberOf = groups.Where(g => g.SystemIds.Contains(host.Id)).Select(g => g.Name).ToList();
        Consent.ToTyped(
            Surroundings,
            request.Parse.GetValue(_yes),
            memberOf.Count == 0
                ? $"The witness forgets {host.Hostname}."
                : $"The witness forgets {host.Hostname}, and it leaves: {string.Join(", ", memberOf)}.",
            host.Hostname
        );
        await request.Witness.DeleteSystemAsync(host.Id, cancellation);
        request.Screen.Line($"{host.Hostname} is forgotten. Its pools are as they were; stop its agent there.");
        return ExitCodes.Ok;
    }
}

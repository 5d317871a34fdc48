using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Cli.Views;
using ZfsSync.Contracts.Groups;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync group create NAME</c></summary>
internal sealed class GroupCreateCommand : WitnessCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "what to call it" };
    private readonly Option<string?> _hub = new("--hub")
    {
        Description = "copy from here to every --to",
        HelpName = MemberText.HelpName,
    };
    private readonly Option<string[]> _to = new("--to")
    {
        Description = "a place to copy to",
        HelpName = MemberText.HelpName,
    };
    private readonly Option<string[]> _members = new("--member")
    {
        Description = "a member of a chain or mesh, in order",
        HelpName = MemberText.HelpName,
    };
    private readonly Option<string[]> _edges = new("--edge")
    {
        Description = "copy from the one to the other",
        HelpName = "FROM,TO",
    };
    private readonly Option<string?> _mode = new("--mode")
    {
        Description = "hub, chain, mesh or explicit (follows from the options: --hub, --member: mesh, --edge)",
        HelpName = "MODE",
    };
    private readonly Option<bool> _disabled = new("--disabled") { Description = "make it switched off" };
    private readonly GroupSettingOptions _settings = new();

    public GroupCreateCommand(Surroundings surroundings)
        : base("create", "keep datasets in sync between hosts from now on", surroundings)
    {
        Examples =
        [
            (
                "zfs-sync group create backup --hub alpha:tank --to beta:backup/hosts/alpha --exclude 'tmp/**'",
                "tank on alpha, with everything below it but tmp, to backup/hosts/alpha on beta"
            ),
            (
                "zfs-sync group create local --hub alpha:tank --to alpha:backup",
                "from one pool to another of the same host"
            ),
            (
                "zfs-sync group create relay --mode chain --member a:tank --member b:tank --member c:tank",
                "a to b, b to c"
            ),
            (
                "zfs-sync group create both --member alpha:tank/shared --member beta:pool/shared",
                "each gets what it lacks"
            ),
        ];
        Notes =
        [
            "HOST[:ROOT] is a host and the dataset there below which the copies live; without ROOT each of its pools.",
            "Nothing on a target is ever destroyed or rolled back by itself: what stands in the way is shown with ways out.",
        ];
        _mode.AcceptOnlyFromAmong("hub", "chain", "mesh", "explicit");
        foreach (var option in new Option[] { _hub, _to, _members, _edges, _mode })
            Add(option);
        Add(_name);
        _settings.AddTo(this);
        Add(_disabled);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var parse = request.Parse;
        var layout = GroupLayout.Of(
            parse.GetValue(_mode),
            parse.GetValue(_hub),
            parse.GetValue(_to) ?? [],
            parse.GetValue(_members) ?? [],
            parse.GetValue(_edges) ?? []
        );
        var hosts = await request.Witness.SystemsAsync(cancellation);
        var members = layout.Members.Select(m => m.Member.Resolve(hosts, m.Role)).ToList();
        var group = await request.Witness.CreateGroupAsync(
            new GroupDefinition
            {
                Name = parse.GetRequiredValue(_name),
                Enabled = !parse.GetValue(_disabled),
                Mode = layout.Mode,
                HubSystemId = layout.Mode == GroupMode.Hub ? members[0].SystemId : null,
                Members = members,
                Edges = layout.Mode == GroupMode.Explicit ? layout.Edges : null,
                SyncIntervalSeconds = _settings.Interval(parse),
                Datasets = _settings.Datasets(parse),
                Snapshots = _settings.Snapshots(parse),
                Policy = _settings.Policy(parse, new GroupPolicy()),
            },
            cancellation
        );
        request.Screen.Data(group, json => json.GroupResource);
        GroupWords.Show(request.Screen, group, hosts);
        request.Screen.Line();
        request.Screen.Line($"What it will do: zfs-sync plan {group.Name}. Now: zfs-sync sync {group.Name}.");
        return ExitCodes.Ok;
    }
}

using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Cli.Views;
using ZfsSync.Contracts.Groups;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync group edit GROUP</c></summary>
internal sealed class GroupEditCommand : WitnessCommand
{
    private readonly Argument<string> _group = new("GROUP") { Description = "name or id" };
    private readonly Option<string?> _rename = new("--rename") { Description = "its new name", HelpName = "NAME" };
    private readonly Option<bool> _enable = new("--enable") { Description = "switch it on" };
    private readonly Option<bool> _disable = new("--disable") { Description = "switch it off: it plans nothing" };
    private readonly GroupSettingOptions _settings = new();

    public GroupEditCommand(Surroundings surroundings)
        : base("edit", "change a group; what is not named stays", surroundings)
    {
        Examples =
        [
            ("zfs-sync group edit backup --bandwidth 20M --min-age 1h", "slower, and an hour behind"),
            ("zfs-sync group edit backup --exclude ''", "takes all exclusions away"),
            ("zfs-sync group edit backup --disable", "switches it off"),
        ];
        Add(_group);
        Add(_rename);
        Add(_enable);
        Add(_disable);
        _settings.AddTo(this);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var parse = request.Parse;
        var (enable, disable) = (parse.GetValue(_enable), parse.GetValue(_disable));
        if (enable && disable)
            throw CommandFault.Usage("--enable and --disable exclude each other.");
        var group = NameLookup.Group(await request.Witness.GroupsAsync(cancellation), parse.GetRequiredValue(_group));
        var change = new GroupDefinition
        {
            Name = parse.GetValue(_rename),
            Enabled =
                enable ? true
                : disable ? false
                : null,
            SyncIntervalSeconds = _settings.Interval(parse),
            Datasets = _settings.Datasets(parse, group.Datasets),
            Snapshots = _settings.Snapshots(parse, group.Snapshots),
            Policy = _settings.Policy(parse, group.Policy),
        };
        if (change == new GroupDefinition())
            throw CommandFault.Usage("Nothing to change was named.", "See: zfs-sync group edit --help");
        var changed = await request.Witness.UpdateGroupAsync(group.Id, change, cancellation);
        request.Screen.Data(changed, json => json.GroupResource);
        GroupWords.Show(request.Screen, changed, await request.Witness.SystemsAsync(cancellation));
        return ExitCodes.Ok;
    }
}

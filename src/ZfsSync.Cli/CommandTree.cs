using System.CommandLine;
using System.CommandLine.Help;
using ZfsSync.Cli.Commands;
using ZfsSync.Cli.Input;
using ZfsSync.Cli.Output;

namespace ZfsSync.Cli;

/// <summary>All commands.</summary>
internal static class CommandTree
{
    public const string ProgramName = "zfs-sync";

    private static readonly (string Title, string[] Names)[] Titles =
    [
        ("Start", ["up", "demo", "join", "agent", "doctor"]),
        ("See", ["status", "plan", "runs", "host", "snapshot"]),
        ("Do", ["group", "sync", "repair", "key"]),
        ("More", ["config", "completion", "version"]),
    ];

    public static RootCommand Build(Surroundings surroundings)
    {
        var root = new RootCommand("Keeps ZFS snapshots in sync across hosts, and proves it.");
        foreach (var command in Commands(surroundings))
            root.Add(command);
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpPage(surroundings);
            help.Aliases.Clear();
            help.Aliases.Add("-h");
            help.Description = "show this";
        }
        foreach (var version in root.Options.OfType<VersionOption>())
            version.Description = "show the version";
        new NameCompletion(surroundings).AddTo(root);
        return root;
    }

    /// <summary>The commands of the first page, by what they are for.</summary>
    public static IEnumerable<(string Title, IReadOnlyList<Command> Commands)> Sections(Command root)
    {
        foreach (var (title, names) in Titles)
            yield return (
                title,
                [.. names.Select(n => root.Subcommands.FirstOrDefault(c => c.Name == n)).OfType<Command>()]
            );
    }

    private static IEnumerable<Command> Commands(Surroundings s) =>
        [
            new UpCommand(s),
            new DemoCommand(s),
            new JoinCommand(s),
            new AgentCommand(s),
            new DoctorCommand(s),
            new StatusCommand(s),
            new PlanCommand(s),
            new RunsCommand(s),
            new CommandFamily(
                "host",
                "hosts: list, show, rename, thaw, remove",
                new HostListCommand(s),
                new HostShowCommand(s),
                new HostRenameCommand(s),
                new HostThawCommand(s),
                new HostRemoveCommand(s)
            ),
            new CommandFamily(
                "snapshot",
                "snapshots: list, compare",
                new SnapshotListCommand(s),
                new SnapshotCompareCommand(s)
            ),
            new CommandFamily(
                "group",
                "groups: who keeps what in sync with whom",
                new GroupCreateCommand(s),
                new GroupListCommand(s),
                new GroupShowCommand(s),
                new GroupEditCommand(s),
                new GroupAddCommand(s),
                new GroupRemoveCommand(s),
                new GroupDeleteCommand(s)
            ),
            new SyncCommand(s),
            new RepairCommand(s),
            new CommandFamily(
                "key",
                "keys: create, list, rotate, revoke",
                new KeyCreateCommand(s),
                new KeyListCommand(s),
                new KeyRotateCommand(s),
                new KeyRevokeCommand(s)
            ),
            new CommandFamily(
                "config",
                "the settings: show, check",
                new ConfigShowCommand(s),
                new ConfigCheckCommand(s)
            ),
            new CompletionCommand(s),
            new VersionCommand(s),
        ];
}

using System.CommandLine;
using ZfsSync.Agent;
using ZfsSync.Cli.Connection;
using ZfsSync.Cli.Input;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Ssh;

namespace ZfsSync.Cli.Commands;

/// <summary>What an agent can be told: by options, or by the variables of the same names.</summary>
internal sealed class AgentSettingOptions
{
    private readonly Option<string?> _dataDirectory = One(
        "--data-dir",
        "DIR",
        "where the agent keeps its state (ZFS_SYNC_DATA_DIR)"
    );
    private readonly Option<string[]> _scope = new("--scope")
    {
        HelpName = "DATASET",
        Description = "report and touch only this pool or dataset, and what is below it (all pools)",
    };
    private readonly Option<string?> _interval = One("--interval", "TIME", "between two looks at the host (60s)");
    private readonly Option<int> _transfers = new("--max-transfers")
    {
        HelpName = "N",
        Description = $"streams at once ({AgentOptions.UsualTransfers})",
        DefaultValueFactory = _ => AgentOptions.UsualTransfers,
    };
    private readonly Option<int> _transfersPerPool = new("--max-transfers-per-pool")
    {
        HelpName = "N",
        Description = $"streams at once that use one pool ({AgentOptions.UsualTransfersPerPool})",
        DefaultValueFactory = _ => AgentOptions.UsualTransfersPerPool,
    };
    private readonly Option<string?> _bandwidth = One(
        "--bandwidth",
        "SIZE",
        "the most bytes a second of one transfer (no limit)"
    );
    private readonly Option<string?> _sshKey = One(
        "--ssh-key",
        "FILE",
        "the private key for ssh to other hosts (ssh's default)"
    );
    private readonly Option<string?> _sshKnownHosts = One(
        "--ssh-known-hosts",
        "FILE",
        "the known hosts of ssh (ssh's default)"
    );
    private readonly Option<string?> _sshHostKeys = One(
        "--ssh-host-keys",
        "yes|accept-new|no",
        "ssh's StrictHostKeyChecking (ssh's default)"
    );

    public AgentSettingOptions() => _sshHostKeys.AcceptOnlyFromAmong("yes", "accept-new", "no");

    public void AddTo(System.CommandLine.Command command)
    {
        foreach (
            var option in new Option[]
            {
                _dataDirectory,
                _scope,
                _interval,
                _transfers,
                _transfersPerPool,
                _bandwidth,
                _sshKey,
                _sshKnownHosts,
                _sshHostKeys,
            }
        )
            command.Add(option);
    }

    public string DataDirectoryOf(ParseResult parse, Surroundings surroundings) =>
        Path.GetFullPath(parse.GetValue(_dataDirectory) ?? DataDirectory.Of(surroundings));

    public AgentOptions Read(ParseResult parse, Surroundings surroundings, Uri witness)
    {
        var options = new AgentOptions
        {
            Witness = witness,
            DataDirectory = DataDirectoryOf(parse, surroundings),
            Scope = [.. (parse.GetValue(_scope) ?? []).Select(Dataset)],
            MaxTransfers = AtLeastOne(parse, _transfers),
            MaxTransfersPerPool = AtLeastOne(parse, _transfersPerPool),
            BandwidthBytesPerSecond = AmountOption.Bytes(parse, _bandwidth),
            SshKeyFile = parse.GetValue(_sshKey),
            SshKnownHostsFile = parse.GetValue(_sshKnownHosts),
            SshHostKeyPolicy = parse.GetValue(_sshHostKeys),
            Platform = Hosting.HostMembership.Platform,
        };
        return AmountOption.Seconds(parse, _interval) is { } seconds
            ? options with
            {
                ReportInterval = TimeSpan.FromSeconds(Math.Max(1, seconds)),
            }
            : options;
    }

    /// <summary>This machine's commands, with connections to other hosts shared.</summary>
    public static ICommandRunner Runner(Surroundings surroundings, AgentOptions options)
    {
        if (surroundings.Runner is not LocalCommandRunner)
            return surroundings.Runner;
        Directory.CreateDirectory(options.DataDirectory);
        var sockets = ControlSockets.Prepare(options.DataDirectory, surroundings.Variable("XDG_RUNTIME_DIR"));
        return new LocalCommandRunner(new SshOptions { ControlFolder = sockets }, surroundings.Time);
    }

    private static DatasetName Dataset(string text) =>
        NameRules.DatasetFault(text) is { } fault
            ? throw CommandFault.Usage($"--scope '{text}' {fault}.", "Write a pool or dataset, for instance tank/home.")
            : DatasetName.Parse(text);

    private static int AtLeastOne(ParseResult parse, Option<int> option) =>
        parse.GetValue(option) is >= 1 and var number
            ? number
            : throw CommandFault.Usage($"{option.Name} is at least 1.");

    private static Option<string?> One(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };
}

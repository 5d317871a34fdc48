using System.CommandLine;
using ZfsSync.Agent.Identity;
using ZfsSync.Cli.Connection;
using ZfsSync.Cli.Hosting;
using ZfsSync.Cli.Output;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync join WITNESS TOKEN</c></summary>
internal sealed class JoinCommand : CliCommand
{
    private readonly Argument<string> _witness = new("WITNESS")
    {
        Description = "its address, for instance http://10.0.0.1:8000",
    };
    private readonly Argument<string> _token = new("TOKEN")
    {
        Description = "an enrollment key, or - to read it from standard input",
    };
    private readonly Option<string?> _hostname = One("--hostname", "NAME", "what to call this host (its own name)");
    private readonly Option<string?> _sshHost = One(
        "--ssh-host",
        "ADDRESS",
        "where other hosts reach it with ssh; none if they do not (its own name)"
    );
    private readonly Option<string?> _sshUser = One(
        "--ssh-user",
        "USER",
        "as whom (the user of the other host's agent)"
    );
    private readonly Option<int> _sshPort = new("--ssh-port")
    {
        HelpName = "PORT",
        Description = "on which port (22)",
        DefaultValueFactory = _ => 22,
    };
    private readonly Option<string[]> _labels = new("--label")
    {
        HelpName = "NAME=VALUE",
        Description = "a label for people",
    };
    private readonly Option<bool> _replace = new("--replace")
    {
        Description = "take the place of an earlier host of this name; TOKEN is then an admin's key",
    };
    private readonly AgentSettingOptions _settings = new();

    public JoinCommand(Surroundings surroundings)
        : base("join", "make this host a member of a witness, once")
    {
        Examples =
        [
            ("zfs-sync join http://10.0.0.1:8000 TOKEN", "joins; then start zfs-sync agent"),
            (
                "zfs-sync join https://witness - < token --ssh-host beta.lan --ssh-user backup",
                "other hosts fetch from backup@beta.lan"
            ),
        ];
        Add(_witness);
        Add(_token);
        foreach (var option in new Option[] { _hostname, _sshHost, _sshUser, _sshPort, _labels, _replace })
            Add(option);
        _settings.AddTo(this);
        SetAction((parse, cancellation) => RunAsync(surroundings, parse, cancellation));
    }

    private async Task<int> RunAsync(Surroundings surroundings, ParseResult parse, CancellationToken cancellation)
    {
        var witness = WitnessAccess.ParseAddress(parse.GetRequiredValue(_witness), "the first argument");
        var options = _settings.Read(parse, surroundings, witness);
        using var http = surroundings.Http();
        var prefix = surroundings.Variable("ZFS_SYNC_API_PREFIX") ?? Routes.DefaultPrefix;
        var identity = await Enrollment.JoinAsync(
            options,
            WitnessClient.Connect(http, witness, Token(surroundings, parse), prefix),
            Registration(surroundings, parse),
            parse.GetValue(_replace),
            cancellation
        );
        var screen = new Screen(surroundings, json: false);
        screen.Line($"This host has joined {witness} as {identity.Hostname}. Its key is in {options.KeyFile}.");
        var zfs = await LocalZfs.LookAsync(surroundings.Runner, cancellation);
        screen.Line($"It has {zfs.InWords()}.");
        screen.Line("Check it:  zfs-sync doctor");
        screen.Line("Start it:  zfs-sync agent   (as a service: systemctl enable --now zfs-sync-agent)");
        return ExitCodes.Ok;
    }

    private string Token(Surroundings surroundings, ParseResult parse)
    {
        var token = parse.GetRequiredValue(_token);
        if (token == "-")
            token = surroundings.In.ReadLine() ?? "";
        return token.Trim() is { Length: > 0 } text
            ? text
            : throw CommandFault.Usage("The token is empty.", "Make one: zfs-sync key create NAME --kind enrollment");
    }

    private SystemRegistration Registration(Surroundings surroundings, ParseResult parse)
    {
        var hostname = parse.GetValue(_hostname) ?? surroundings.Hostname;
        var sshHost = parse.GetValue(_sshHost) ?? hostname;
        return new SystemRegistration
        {
            Hostname = hostname,
            Platform = HostMembership.Platform,
            SshHostname = sshHost == "none" ? null : sshHost,
            SshUser = parse.GetValue(_sshUser),
            SshPort = parse.GetValue(_sshPort),
            Labels = Labels(parse.GetValue(_labels) ?? []),
        };
    }

    private static Dictionary<string, string>? Labels(string[] texts)
    {
        if (texts.Length == 0)
            return null;
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            var equals = text.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw CommandFault.Usage($"--label '{text}' is no label.", "Write it like --label rack=4.");
            labels[text[..equals]] = text[(equals + 1)..];
        }
        return labels;
    }

    private static Option<string?> One(string name, string value, string description) =>
        new(name) { HelpName = value, Description = description };
}

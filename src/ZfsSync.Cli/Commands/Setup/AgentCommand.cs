using System.CommandLine;
using ZfsSync.Agent;
using ZfsSync.Agent.Identity;
using ZfsSync.Cli.Connection;
using ZfsSync.Cli.Hosting;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Client;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync agent</c></summary>
internal sealed class AgentCommand : CliCommand
{
    private readonly Option<string?> _witness = new("--witness")
    {
        Description = "another address of the witness that this host has joined (ZFS_SYNC_URL)",
        HelpName = "URL",
    };
    private readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "say what every look and request did",
    };
    private readonly AgentSettingOptions _settings = new();

    public AgentCommand(Surroundings surroundings)
        : base("agent", "report this host and do what was decided, until stopped")
    {
        Notes =
        [
            "The host must have joined: zfs-sync join. As a service: systemctl enable --now zfs-sync-agent.",
            "Stopped by SIGTERM or Ctrl-C it ends transfers so that they can be resumed, and exits 0.",
        ];
        _settings.AddTo(this);
        Add(_witness);
        Add(_verbose);
        SetAction((parse, cancellation) => RunAsync(surroundings, parse, cancellation));
    }

    private async Task<int> RunAsync(Surroundings surroundings, ParseResult parse, CancellationToken cancellation)
    {
        var directory = _settings.DataDirectoryOf(parse, surroundings);
        var identity = AgentIdentity.Load(Path.Combine(directory, "agent-key.json"));
        var address = parse.GetValue(_witness) ?? surroundings.Variable("ZFS_SYNC_URL");
        var witness = address is null
            ? identity.Witness
            : WitnessAccess.ParseAddress(address, "--witness or ZFS_SYNC_URL");
        var options = _settings.Read(parse, surroundings, witness);
        using var http = surroundings.Http();
        var prefix = surroundings.Variable("ZFS_SYNC_API_PREFIX") ?? Routes.DefaultPrefix;
        await AgentProgram.RunAsync(
            options,
            AgentSettingOptions.Runner(surroundings, options),
            WitnessClient.Connect(http, witness, identity.ApiKey, prefix),
            surroundings.Time,
            surroundings.Random,
            new AgentLines(surroundings, "", parse.GetValue(_verbose)).Write,
            cancellation
        );
        return ExitCodes.Ok;
    }
}

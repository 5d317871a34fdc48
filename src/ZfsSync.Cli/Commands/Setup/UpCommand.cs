using System.CommandLine;
using ZfsSync.Agent;
using ZfsSync.Agent.Identity;
using ZfsSync.Cli.Connection;
using ZfsSync.Cli.Hosting;
using ZfsSync.Contracts.Client;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync up</c></summary>
internal sealed class UpCommand : CliCommand
{
    private readonly Option<string?> _host = new("--host")
    {
        HelpName = "ADDRESS",
        Description = "where the witness listens: 0.0.0.0 for the network (ZFS_SYNC_HOST; 127.0.0.1)",
    };
    private readonly Option<int?> _port = new("--port")
    {
        HelpName = "PORT",
        Description = "its port (ZFS_SYNC_PORT; 8000)",
    };
    private readonly Option<bool> _verbose = new("--verbose", "-v")
    {
        Description = "say what every look and request did",
    };
    private readonly AgentSettingOptions _settings = new();

    public UpCommand(Surroundings surroundings)
        : base("up", "start everything on this machine: a witness, and an agent for this host")
    {
        Notes = ["Ctrl-C or SIGTERM stops both. The witness takes its other settings from the ZFS_SYNC_ environment."];
        Add(_host);
        Add(_port);
        _settings.AddTo(this);
        Add(_verbose);
        SetAction((parse, cancellation) => RunAsync(surroundings, parse, cancellation));
    }

    private async Task<int> RunAsync(Surroundings surroundings, ParseResult parse, CancellationToken cancellation)
    {
        var program = WitnessProgram.Find(surroundings);
        var directory = _settings.DataDirectoryOf(parse, surroundings);
        var (child, listening) = await WitnessChild.StartAsync(
            surroundings,
            program,
            Settings(parse, directory),
            cancellation
        );
        await using var _ = child;
        var address = Addresses.Local(listening);
        var access = WitnessAccess.Find(surroundings, address.ToString(), null, directory);
        if (child.AdminKey is { } made)
            access = access with { Key = new Setting(made, "made just now") };

        var options = _settings.Read(parse, surroundings, address);
        var runner = AgentSettingOptions.Runner(surroundings, options);
        var zfs = await LocalZfs.LookAsync(runner, cancellation);
        using var adminHttp = surroundings.Http();
        var admin = access.Connect(adminHttp);
        var identity = zfs.IsUsable ? await MemberAsync(surroundings, access, options, admin, cancellation) : null;
        await new UpGreeting(surroundings, admin).ShowAsync(
            new UpGreeting.Facts(listening, directory, child.AdminKey, access.Key.Value is not null, zfs, identity),
            cancellation
        );

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var agentHttp = surroundings.Http();
        var log = new AgentLines(surroundings, "agent: ", parse.GetValue(_verbose));
        var agent = identity is null
            ? Task.Delay(Timeout.InfiniteTimeSpan, surroundings.Time, ending.Token)
            : AgentProgram.RunAsync(
                options,
                runner,
                WitnessClient.Connect(agentHttp, address, identity.ApiKey, access.Prefix),
                surroundings.Time,
                surroundings.Random,
                log.Write,
                ending.Token
            );
        return await UntilEndAsync(child, agent, ending, cancellation);
    }

    /// <summary>Whichever ends first takes the other with it.</summary>
    private static async Task<int> UntilEndAsync(
        WitnessChild child,
        Task agent,
        CancellationTokenSource ending,
        CancellationToken cancellation
    )
    {
        await Task.WhenAny(child.Ended, agent);
        await ending.CancelAsync();
        try
        {
            await agent;
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }
        if (child.Ended.IsCompletedSuccessfully && !cancellation.IsCancellationRequested)
            throw child.Fault(await child.Ended);
        return ExitCodes.Ok;
    }

    private Dictionary<string, string> Settings(ParseResult parse, string directory)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["ZFS_SYNC_DATA_DIR"] = directory };
        if (parse.GetValue(_host) is { } host)
            settings["ZFS_SYNC_HOST"] = host;
        if (parse.GetValue(_port) is { } port)
            settings["ZFS_SYNC_PORT"] = port.ToString();
        return settings;
    }

    private static async Task<AgentIdentity?> MemberAsync(
        Surroundings surroundings,
        WitnessAccess access,
        AgentOptions options,
        WitnessClient admin,
        CancellationToken cancellation
    )
    {
        using var http = surroundings.Http();
        if (await HostMembership.FindAsync(options, access, http, cancellation) is { } member)
            return member;
        return access.Key.Value is null
            ? null
            : await HostMembership.JoinAsync(options, admin, surroundings.Hostname, cancellation);
    }
}

using System.CommandLine;
using ZfsSync.Cli.Connection;
using ZfsSync.Cli.Output;

namespace ZfsSync.Cli.Commands;

/// <summary>A command that asks the witness.</summary>
internal abstract class WitnessCommand : CliCommand
{
    private readonly Option<string?> _witness = new("--witness")
    {
        Description = "the witness (ZFS_SYNC_URL; default: the one on this machine, or that this host has joined)",
        HelpName = "URL",
    };

    private readonly Option<string?> _keyFile = new("--key-file")
    {
        Description = "a file with the key (ZFS_SYNC_API_KEY; default: admin.key in the data directory)",
        HelpName = "FILE",
    };

    private readonly Option<bool> _json = new("--json") { Description = "print only data, as the API has it" };

    protected WitnessCommand(string name, string description, Surroundings surroundings)
        : base(name, description)
    {
        Surroundings = surroundings;
        SetAction(InvokeAsync);
    }

    protected Surroundings Surroundings { get; }

    /// <summary>Adds what every such command has, after its own options.</summary>
    protected void AddAccess()
    {
        Add(_json);
        Add(_witness);
        Add(_keyFile);
    }

    protected abstract Task<int> RunAsync(Request request, CancellationToken cancellation);

    private async Task<int> InvokeAsync(ParseResult parse, CancellationToken cancellation)
    {
        var access = WitnessAccess.Find(Surroundings, parse.GetValue(_witness), parse.GetValue(_keyFile));
        using var http = Surroundings.Http();
        var screen = new Screen(Surroundings, parse.GetValue(_json));
        return await RunAsync(new Request(parse, access.Connect(http), screen, access), cancellation);
    }
}

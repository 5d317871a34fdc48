using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Cli.Views;
using ZfsSync.Contracts.Keys;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync key create NAME --kind KIND</c></summary>
internal sealed class KeyCreateCommand : WitnessCommand
{
    private readonly Argument<string> _name = new("NAME") { Description = "what it is for" };
    private readonly Option<string> _kind = new("--kind")
    {
        Description =
            "viewer (reads), operator (also syncs and repairs), admin (everything), enrollment (lets hosts join)",
        HelpName = "KIND",
        DefaultValueFactory = _ => "viewer",
    };
    private readonly Option<string?> _expires = new("--expires")
    {
        Description = $"how long it holds: {Amount.TimeSyntax} (enrollment: 1d; else for ever)",
        HelpName = Amount.TimeHelpName,
    };
    private readonly Option<int?> _uses = new("--uses")
    {
        Description = "for enrollment: how many hosts may join with it (1)",
        HelpName = "N",
    };

    public KeyCreateCommand(Surroundings surroundings)
        : base("create", "make a key; it is shown once", surroundings)
    {
        Examples =
        [
            ("zfs-sync key create rack-4 --kind enrollment --uses 12", "lets twelve hosts join within a day"),
            ("zfs-sync key create grafana --kind viewer --json", "a key that reads, as JSON"),
        ];
        _kind.AcceptOnlyFromAmong("viewer", "operator", "admin", "enrollment");
        Add(_name);
        Add(_kind);
        Add(_expires);
        Add(_uses);
        AddAccess();
    }

    /// <summary>A new host is rarely this machine, and its own loopback leads nowhere.</summary>
    private string AddressForOthers(Uri witness) =>
        (witness.IsLoopback ? new UriBuilder(witness) { Host = Surroundings.Hostname }.Uri : witness).GetLeftPart(
            UriPartial.Authority
        );

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var key = await request.Witness.CreateKeyAsync(
            new KeyRequest
            {
                Name = request.Parse.GetRequiredValue(_name),
                Kind = Enum.Parse<KeyKind>(request.Parse.GetRequiredValue(_kind), ignoreCase: true),
                ExpiresSeconds = AmountOption.Seconds(request.Parse, _expires),
                MaxUses = request.Parse.GetValue(_uses),
            },
            cancellation
        );
        request.Screen.Data(key, json => json.KeyResource);
        KeyWords.ShowSecret(request.Screen, key);
        if (key.Kind == KeyKind.Enrollment)
            request.Screen.Line($"On the new host: zfs-sync join {AddressForOthers(request.Access.Uri)} {key.ApiKey}");
        return ExitCodes.Ok;
    }
}

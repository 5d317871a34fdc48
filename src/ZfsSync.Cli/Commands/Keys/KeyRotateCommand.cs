using System.CommandLine;
using ZfsSync.Cli.Input;
using ZfsSync.Cli.Views;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync key rotate KEY</c></summary>
internal sealed class KeyRotateCommand : WitnessCommand
{
    private readonly Argument<string> _key = new("KEY") { Description = "name or id" };
    private readonly Option<string?> _grace = new("--grace")
    {
        Description = $"how long the old secret still works: {Amount.TimeSyntax} (0)",
        HelpName = Amount.TimeHelpName,
    };

    public KeyRotateCommand(Surroundings surroundings)
        : base("rotate", "give a key a new secret; it is shown once", surroundings)
    {
        Add(_key);
        Add(_grace);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var grace = AmountOption.Seconds(request.Parse, _grace) ?? 0;
        var key = NameLookup.Key(await request.Witness.KeysAsync(cancellation), request.Parse.GetRequiredValue(_key));
        var rotated = await request.Witness.RotateKeyAsync(key.Id, (int)grace, cancellation);
        request.Screen.Data(rotated, json => json.KeyResource);
        KeyWords.ShowSecret(request.Screen, rotated);
        return ExitCodes.Ok;
    }
}

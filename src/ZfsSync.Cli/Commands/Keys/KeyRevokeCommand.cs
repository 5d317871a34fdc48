using System.CommandLine;
using ZfsSync.Cli.Input;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync key revoke KEY</c></summary>
internal sealed class KeyRevokeCommand : WitnessCommand
{
    private readonly Argument<string> _key = new("KEY") { Description = "name or id" };
    private readonly Option<bool> _yes = Consent.YesOption();

    public KeyRevokeCommand(Surroundings surroundings)
        : base("revoke", "make a key void at once", surroundings)
    {
        Add(_key);
        Add(_yes);
        AddAccess();
    }

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var key = NameLookup.Key(await request.Witness.KeysAsync(cancellation), request.Parse.GetRequiredValue(_key));
        Consent.ToTyped(
            Surroundings,
            request.Parse.GetValue(_yes),
            $"Whoever uses the key '{key.Name}' ({key.Prefix}...) is shut out at once.",
            key.Name
        );
        await request.Witness.RevokeKeyAsync(key.Id, cancellation);
        request.Screen.Line($"The key '{key.Name}' is void.");
        return ExitCodes.Ok;
    }
}

using ZfsSync.Cli.Views;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync key list</c></summary>
internal sealed class KeyListCommand : WitnessCommand
{
    public KeyListCommand(Surroundings surroundings)
        : base("list", "all keys, without their secrets", surroundings) => AddAccess();

    protected override async Task<int> RunAsync(Request request, CancellationToken cancellation)
    {
        var keys = await request.Witness.KeysAsync(cancellation);
        request.Screen.Data(keys, json => json.IReadOnlyListKeyResource);
        request.Screen.Table(KeyWords.Table(keys, Surroundings.Time.GetUtcNow()));
        return ExitCodes.Ok;
    }
}

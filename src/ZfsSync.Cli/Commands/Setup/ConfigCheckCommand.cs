using ZfsSync.Cli.Connection;
using ZfsSync.Cli.Output;
using ZfsSync.Contracts.Client;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync config check</c></summary>
internal sealed class ConfigCheckCommand : CliCommand
{
    public ConfigCheckCommand(Surroundings surroundings)
        : base("check", "whether the settings are right, the witness is reached and accepts the key") =>
        SetAction((_, cancellation) => RunAsync(surroundings, cancellation));

    private static async Task<int> RunAsync(Surroundings surroundings, CancellationToken cancellation)
    {
        var screen = new Screen(surroundings, json: false);
        var access = WitnessAccess.Find(surroundings, null, null);
        using var http = surroundings.Http();
        var witness = access.Connect(http);
        var health = await witness.HealthAsync(cancellation);
        screen.Line($"The witness at {access.Uri} is {health.Status} (version {health.Version}).");
        if (access.Key.Value is null)
            throw new CommandFault(
                ExitCodes.Refused,
                "No key is set, so it will refuse everything else.",
                "Set ZFS_SYNC_API_KEY, or use --key-file."
            );
        try
        {
            var hosts = await witness.SystemsAsync(cancellation);
            screen.Line($"It accepts the key ({access.Key.Origin}) and knows {Amounts.Count(hosts.Count, "host")}.");
            return ExitCodes.Ok;
        }
        catch (WitnessException refused) when (refused.Status == 401)
        {
            throw new CommandFault(
                ExitCodes.Refused,
                $"It does not accept the key ({access.Key.Origin}): {refused.Message}",
                "Make a new one on its machine: zfs-sync key create NAME --kind operator"
            );
        }
    }
}

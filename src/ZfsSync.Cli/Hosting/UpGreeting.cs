using ZfsSync.Agent.Identity;
using ZfsSync.Cli.Connection;
using ZfsSync.Cli.Output;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Keys;

namespace ZfsSync.Cli.Hosting;

/// <summary>What <c>zfs-sync up</c> says when everything runs: where, with which key, what was found, and what to do next.</summary>
internal sealed class UpGreeting(Surroundings surroundings, WitnessClient admin)
{
    private static readonly string[] BackupWords = ["backup", "bak", "vault", "archive", "usb"];
    private const string JoinKeyName = "the next host (zfs-sync up)";

    /// <param name="NewAdminKey">Shown this once.</param>
    public sealed record Facts(
        Uri Listening,
        string DataDirectory,
        string? NewAdminKey,
        bool HasKey,
        LocalZfs Zfs,
        AgentIdentity? Identity
    );

    public async Task ShowAsync(Facts facts, CancellationToken cancellation)
    {
        var screen = new Screen(surroundings, json: false);
        screen.Line($"Witness    {Addresses.Local(facts.Listening)}   data in {facts.DataDirectory}");
        if (facts.NewAdminKey is not null)
            screen.Line(
                $"Admin key  {facts.NewAdminKey}   shown only now; kept in {DataDirectory.AdminKeyFile(facts.DataDirectory)}"
            );
        else if (!facts.HasKey)
            screen.Line(
                "Admin key  none found here: set ZFS_SYNC_API_KEY, so that this host can join and commands work",
                Tone.Warning
            );
        screen.Line($"This host  {facts.Identity?.Hostname ?? surroundings.Hostname}: {facts.Zfs.InWords()}");
        if (facts.HasKey)
            await ShowJoinAsync(screen, facts.Listening, cancellation);
        ShowNext(screen, facts);
        screen.Line();
        screen.Line("Look: zfs-sync status. Stop: Ctrl-C.");
        surroundings.Out.Flush();
    }

    private async Task ShowJoinAsync(Screen screen, Uri listening, CancellationToken cancellation)
    {
        var earlier = await admin.KeysAsync(cancellation);
        foreach (var key in earlier.Where(k => k.Name == JoinKeyName && k.RevokedAt is null && k.Uses == 0))
            await admin.RevokeKeyAsync(key.Id, cancellation);
        var token = await admin.CreateKeyAsync(
            new KeyRequest { Kind = KeyKind.Enrollment, Name = JoinKeyName },
            cancellation
        );
        var remote = Addresses.Remote(listening, surroundings.Hostname);
        var address = (remote ?? new UriBuilder(listening) { Host = surroundings.Hostname }.Uri).GetLeftPart(
            UriPartial.Authority
        );
        screen.Line($"Join       on another host, within a day: zfs-sync join {address} {token.ApiKey}");
        if (remote is null)
            screen.Line("           The witness listens on this machine only; for that start it with --host 0.0.0.0");
    }

    private static void ShowNext(Screen screen, Facts facts)
    {
        var pools = facts
            .Zfs.Pools.Where(p => p.Health == "ONLINE")
            .OrderBy(p => IsCalledBackup(p.Name))
            .ThenByDescending(p => p.AllocatedBytes)
            .ToList();
        if (facts.Identity is not { } identity)
        {
            if (!facts.Zfs.IsUsable)
                screen.Line("Next       there is nothing to copy here; let hosts join, or see it work: zfs-sync demo");
        }
        else if (pools.Count >= 2)
            screen.Line(
                $"Next       zfs-sync group create local --hub {identity.Hostname}:{pools[0].Name} --to {identity.Hostname}:{pools[1].Name}/{pools[0].Name}"
            );
        else if (pools.Count == 1)
            screen.Line(
                $"Next       let another host join, then: zfs-sync group create backup --hub {identity.Hostname}:{pools[0].Name} --to OTHER:POOL/{identity.Hostname}"
            );
    }

    private static bool IsCalledBackup(string pool) =>
        BackupWords.Any(word => pool.Contains(word, StringComparison.OrdinalIgnoreCase));
}

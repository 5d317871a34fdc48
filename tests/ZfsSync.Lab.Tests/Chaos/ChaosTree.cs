using System.Globalization;
using ZfsSync.Contracts.Groups;
using ZfsSync.Lab.Tests.EndToEnd;

namespace ZfsSync.Lab.Tests.Chaos;

/// <summary>
/// Four datasets that a group keeps in sync: a filesystem, one below it, an encrypted one that is sent raw, and a volume.
/// The target never has the key, but to compare at the end.
/// </summary>
internal sealed class ChaosTree(TwoHosts hosts, int number)
{
    public const int Datasets = 4;

    private const string KeyFile = "/root/chaos.key";
    private const string Key = "chaos in the lab";

    /// <summary>Slow enough that a transfer takes seconds.</summary>
    private static readonly GroupPolicy Policy = new() { BandwidthBytesPerSecond = 1_500_000 };

    private readonly string _source = $"tank/tree{number}";
    private readonly string _target = $"vault/tree{number}";

    public int Number => number;

    public Task MakeAsync() =>
        hosts.Alpha.RunAsync(
            $"set -e; echo '{Key}' >{KeyFile}; zfs create {_source}; zfs create {_source}/home; "
                + $"zfs create -o encryption=on -o keyformat=passphrase -o keylocation=file://{KeyFile} {_source}/secret; "
                + $"zfs create -V 16M {_source}/volume; udevadm settle; sync; zpool sync tank"
        );

    public Task<GroupResource> GroupAsync() => hosts.GroupAsync($"tree{number}", _source, _target, Policy);

    /// <summary>Writes random data everywhere and takes the round's snapshots.</summary>
    public Task WriteAsync(ChaosRound round)
    {
        var script = $"set -e; {Unlock}";
        for (var i = 1; i <= round.Snapshots; i++)
        {
            // Some files stay, one is replaced each time.
            foreach (var (file, megabytes) in Files(round, i))
                script += $"dd if=/dev/urandom of={file} bs=1M count={megabytes} conv=notrunc status=none; ";
            script += $"zfs snapshot -r {_source}@{round.Label(i)}; ";
        }
        // What a power cut takes with it is not what this is about.
        return hosts.Alpha.RunAsync(script + "zpool sync tank");
    }

    /// <summary>Equal guids everywhere, equal contents of the newest snapshot where the target can read it, nothing left behind.</summary>
    public async Task VerifyAsync(string label)
    {
        await Evidence.SameTreesAsync(hosts.Alpha, _source, hosts.Beta, _target);
        foreach (var dataset in new[] { "", "/home" })
            await SameFilesAsync(dataset, label);
        await Evidence.SameBlocksAsync(hosts.Alpha, $"{_source}/volume", hosts.Beta, $"{_target}/volume", label);
        await Evidence.NothingLeftBehindAsync(hosts.Alpha, _source, hosts.Beta, _target);
    }

    /// <summary>As <see cref="VerifyAsync"/>, and the encrypted dataset with its key.</summary>
    public async Task VerifyWithKeyAsync(string label)
    {
        await VerifyAsync(label);
        await hosts.Alpha.RunAsync(Unlock);
        await hosts.Beta.RunAsync($"echo '{Key}' | zfs load-key -L prompt {_target}/secret");
        await SameFilesAsync("/secret", label);
        await hosts.Beta.RunAsync($"zfs unload-key {_target}/secret");
    }

    /// <summary>After a power cut the keys are gone.</summary>
    private string Unlock =>
        $"if [ \"$(zfs get -Hp -o value keystatus {_source}/secret)\" != available ]; then zfs load-key {_source}/secret; zfs mount {_source}/secret; fi; ";

    private IEnumerable<(string File, int Megabytes)> Files(ChaosRound round, int snapshot)
    {
        var name = (round.Number % 2).ToString(CultureInfo.InvariantCulture) + snapshot;
        yield return ($"/{_source}/{name}", 1);
        yield return ($"/{_source}/home/{name}", 3);
        yield return ($"/{_source}/secret/{name}", 2);
        yield return ($"/dev/zvol/{_source}/volume", 2);
    }

    private Task SameFilesAsync(string dataset, string label) =>
        Evidence.SameFilesAsync(hosts.Alpha, $"{_source}{dataset}@{label}", hosts.Beta, $"{_target}{dataset}@{label}");
}

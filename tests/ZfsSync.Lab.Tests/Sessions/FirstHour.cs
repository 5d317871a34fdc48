using System.Text.RegularExpressions;
using Shouldly;
using Xunit;
using ZfsSync.Lab.Tests.EndToEnd;
using ZfsSync.Lab.Tests.Lab;

namespace ZfsSync.Lab.Tests.Sessions;

/// <summary>Debian trixie with ZFS and nothing of ours, three times.</summary>
public sealed class FreshMachines() : LabVms("trixie", "solo", "alpha", "beta");

/// <summary>What the README promises to a stranger, typed as it says: from what <c>packaging/publish</c> made to proof.</summary>
public sealed partial class FirstHour(FreshMachines machines) : IClassFixture<FreshMachines>
{
    [Fact]
    public async Task On_one_machine_up_leads_from_nothing_to_proof()
    {
        var solo = machines["solo"];
        await PrepareAsync(solo, "tank", "backup");
        await solo.RunAsync("zfs create tank/data && echo hello > /tank/data/file && zfs snapshot -r tank@monday");
        var session = new TerminalSession(
            "one-machine",
            "One machine, two pools",
            "From a machine with ZFS and nothing of zfs-sync to a proven copy on its second pool.\n"
        );

        await CopyAsync(session, solo);
        await session.TypeAsync(solo, "./zfs-sync/install");
        session.Comment("the witness and the agent of this host, until Ctrl-C");
        await solo.RunAsync(
            "systemd-run --quiet --collect --unit zfs-sync-up --setenv JOURNAL_STREAM= "
                + "--property StandardOutput=file:/root/up.log --property StandardError=file:/root/up.err zfs-sync up"
        );
        await Eventually.TrueAsync(
            async () =>
                (await solo.TryAsync("cat /root/up.log")).Output.Contains("Stop: Ctrl-C", StringComparison.Ordinal),
            TimeSpan.FromSeconds(400),
            () => "zfs-sync up says nothing."
        );
        var said = await solo.RunAsync("cat /root/up.log");
        session.Show(solo, "zfs-sync up", said);
        said.ShouldContain("http://127.0.0.1:8000");
        said.ShouldContain("backup");

        session.Comment("in a second terminal");
        await session.TypeAsync(
            solo,
            "zfs-sync group create local --hub solo-trixie:tank --to solo-trixie:backup/tank"
        );
        await session.TypeAsync(solo, "zfs-sync sync");
        (await session.TypeAsync(solo, "zfs-sync status")).ShouldContain("in sync");
        await session.TypeAsync(solo, "zfs list -t snapshot -o name,guid");
        await Evidence.SameAsync(solo, "tank", solo, "backup/tank");
        await Evidence.SameAsync(solo, "tank/data", solo, "backup/tank/data");
        await Evidence.SameFilesAsync(solo, "tank/data@monday", solo, "backup/tank/data@monday");
        await solo.RunAsync("systemctl stop zfs-sync-up");
        (await solo.TryAsync("pgrep -f zfs-sync-witness")).ExitCode.ShouldBe(1, "nothing outlives zfs-sync up");
        await session.EndAsync();
    }

    [Fact]
    public async Task Two_machines_with_services_reach_proof()
    {
        var (alpha, beta) = (machines["alpha"], machines["beta"]);
        await PrepareAsync(alpha, "tank");
        await PrepareAsync(beta, "backup");
        await alpha.RunAsync(
            "zfs create -p tank/home/ann && echo hello > /tank/home/ann/file && zfs snapshot -r tank@monday"
        );
        await alpha.PortAsync(8000);
        var session = new TerminalSession(
            "two-machines",
            "Two machines, with services",
            "The witness runs on alpha, beside its agent; beta fetches copies from alpha over ssh, as root with a key that alpha knows.\n"
        );

        session.Comment("alpha: the witness, open to the network, and its first agent");
        await CopyAsync(session, alpha);
        await session.TypeAsync(alpha, "./zfs-sync/install");
        await session.TypeAsync(alpha, "echo ZFS_SYNC_HOST=0.0.0.0 >> /etc/default/zfs-sync-witness");
        await session.TypeAsync(alpha, "systemctl enable --now zfs-sync-witness");
        var made = await session.TypeAsync(alpha, "zfs-sync key create hosts --kind enrollment --uses 2");
        var token = Key().Match(made).Value;
        await session.TypeAsync(alpha, $"zfs-sync join http://alpha-trixie:8000 {token}");
        await session.TypeAsync(alpha, "systemctl enable --now zfs-sync-agent");

        session.Comment("beta: an agent that will fetch the copies");
        await CopyAsync(session, beta);
        await session.TypeAsync(beta, "./zfs-sync/install agent");
        await session.TypeAsync(beta, $"zfs-sync join http://alpha-trixie:8000 {token}");
        await session.TypeAsync(beta, "systemctl enable --now zfs-sync-agent");

        session.Comment("what to copy where; look first, then do it");
        await session.TypeAsync(
            alpha,
            "zfs-sync group create nightly --hub alpha-trixie:tank --to beta-trixie:backup/alpha"
        );
        await session.TypeAsync(alpha, "zfs-sync plan");
        await session.TypeAsync(alpha, "zfs-sync sync");
        (await session.TypeAsync(alpha, "zfs-sync status")).ShouldContain("in sync");

        session.Comment("a new snapshot, and again");
        await session.TypeAsync(alpha, "echo more >> /tank/home/ann/file; zfs snapshot -r tank@tuesday");
        await session.TypeAsync(alpha, "zfs-sync sync");
        await session.TypeAsync(beta, "zfs list -t snapshot -o name,guid");
        foreach (var dataset in new[] { "", "/home", "/home/ann" })
            await Evidence.SameAsync(alpha, "tank" + dataset, beta, "backup/alpha" + dataset);
        await Evidence.SameFilesAsync(alpha, "tank/home/ann@tuesday", beta, "backup/alpha/home/ann@tuesday");
        await session.EndAsync();
    }

    private static Task PrepareAsync(LabVm vm, params string[] pools) =>
        vm.RunAsync(string.Join(" && ", pools.Select((pool, disk) => $"zpool create {pool} /dev/vd{"bc"[disk]}")));

    private static async Task CopyAsync(TerminalSession session, LabVm vm)
    {
        await vm.PutAsync(Published.Folder, "/root/zfs-sync");
        session.Show(null, $"scp -r artifacts/publish {vm.Name}:zfs-sync", "");
    }

    [GeneratedRegex("zs_[A-Za-z0-9_-]{20,}")]
    private static partial Regex Key();
}

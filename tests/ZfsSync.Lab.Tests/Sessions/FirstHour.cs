using System.Text.RegularExpressions;
using Shouldly;
using Xunit;
using ZfsSync.Lab.Tests.EndToEnd;
using ZfsSync.Lab.Tests.Lab;

namespace ZfsSync.Lab.Tests.Sessions;

/// <summary>Debian trixie with ZFS and nothing of ours, three times. Other classes run beside this one, so no name is theirs.</summary>
public sealed class FreshMachines() : LabVms("trixie", "solo", "nas", "attic");

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
        // It waits in the VM: each look from here takes the processor from the witness that starts there.
        var ready = await solo.TryAsync(
            "for i in $(seq 300); do grep -qs 'Stop: Ctrl-C' /root/up.log && exit 0; "
                + "systemctl --quiet is-active zfs-sync-up || exit 1; sleep 2; done; exit 1"
        );
        var said = await solo.RunAsync("cat /root/up.log");
        ready.ExitCode.ShouldBe(0, said + await solo.RunAsync("cat /root/up.err"));
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
        var (nas, attic) = (machines["nas"], machines["attic"]);
        await PrepareAsync(nas, "tank");
        await PrepareAsync(attic, "backup");
        await nas.RunAsync(
            "zfs create -p tank/home/ann && echo hello > /tank/home/ann/file && zfs snapshot -r tank@monday"
        );
        await nas.PortAsync(8000);
        var session = new TerminalSession(
            "two-machines",
            "Two machines, with services",
            "The witness runs on nas, beside its agent; attic fetches copies from nas over ssh, as root with a key that nas knows.\n"
        );

        session.Comment("nas: the witness, open to the network, and its first agent");
        await CopyAsync(session, nas);
        await session.TypeAsync(nas, "./zfs-sync/install");
        await session.TypeAsync(nas, "echo ZFS_SYNC_HOST=0.0.0.0 >> /etc/default/zfs-sync-witness");
        await session.TypeAsync(nas, "systemctl enable --now zfs-sync-witness");
        var made = await session.TypeAsync(nas, "zfs-sync key create hosts --kind enrollment --uses 2");
        var token = Key().Match(made).Value;
        await session.TypeAsync(nas, $"zfs-sync join http://nas-trixie:8000 {token}");
        await session.TypeAsync(nas, "systemctl enable --now zfs-sync-agent");

        session.Comment("attic: an agent that will fetch the copies");
        await CopyAsync(session, attic);
        await session.TypeAsync(attic, "./zfs-sync/install agent");
        await session.TypeAsync(attic, $"zfs-sync join http://nas-trixie:8000 {token}");
        await session.TypeAsync(attic, "systemctl enable --now zfs-sync-agent");

        session.Comment("what to copy where; look first, then do it");
        await session.TypeAsync(
            nas,
            "zfs-sync group create nightly --hub nas-trixie:tank --to attic-trixie:backup/nas"
        );
        await session.TypeAsync(nas, "zfs-sync plan");
        await session.TypeAsync(nas, "zfs-sync sync");
        (await session.TypeAsync(nas, "zfs-sync status")).ShouldContain("in sync");

        session.Comment("a new snapshot, and again");
        await session.TypeAsync(nas, "echo more >> /tank/home/ann/file; zfs snapshot -r tank@tuesday");
        await session.TypeAsync(nas, "zfs-sync sync");
        await session.TypeAsync(attic, "zfs list -t snapshot -o name,guid");
        foreach (var dataset in new[] { "", "/home", "/home/ann" })
            await Evidence.SameAsync(nas, "tank" + dataset, attic, "backup/nas" + dataset);
        await Evidence.SameFilesAsync(nas, "tank/home/ann@tuesday", attic, "backup/nas/home/ann@tuesday");
        await session.EndAsync();
        // The processor is for the VMs beside these.
        await attic.RunAsync("systemctl stop zfs-sync-agent");
        await nas.RunAsync("systemctl stop zfs-sync-agent zfs-sync-witness");
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

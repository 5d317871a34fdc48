using Shouldly;
using Xunit;
using ZfsSync.Lab.Tests.Lab;

namespace ZfsSync.Lab.Tests.EndToEnd;

/// <summary>A VM with two pools and nothing of ours.</summary>
public sealed class OneMachine() : LabVms("trixie", "solo");

/// <summary>What the README promises, in a machine with nothing but ZFS: from nothing to proof with <c>zfs-sync up</c>.</summary>
public sealed class UpOnOneMachine(OneMachine machine) : IClassFixture<OneMachine>
{
    [Fact]
    public async Task Up_leads_from_nothing_to_proof()
    {
        var solo = machine["solo"];
        await solo.PutAsync(Published.CommandLine, "/usr/local/bin/zfs-sync");
        await solo.PutAsync(Published.WitnessFolder, "/usr/local/lib/");
        await solo.RunAsync(
            "ln -s /usr/local/lib/witness/zfs-sync-witness /usr/local/bin/ && "
                + "zpool create tank /dev/vdb && zpool create backup /dev/vdc && zfs create tank/data && "
                + "echo hello > /tank/data/file && zfs snapshot -r tank@one"
        );

        await solo.RunAsync(
            "systemd-run --quiet --collect --unit zfs-sync-up --property StandardOutput=file:/root/up.log --property StandardError=file:/root/up.err zfs-sync up"
        );
        await Eventually.TrueAsync(
            async () =>
                (await solo.TryAsync("zfs-sync host list --json")).Output.Contains(
                    "\"tank\"",
                    StringComparison.Ordinal
                ),
            TimeSpan.FromSeconds(180),
            () => "The host does not appear."
        );
        var said = await solo.RunAsync("cat /root/up.log");
        said.ShouldContain("http://127.0.0.1:8000");
        said.ShouldContain("tank");
        said.ShouldContain("backup");
        said.ShouldContain("zfs-sync join");

        await solo.RunAsync($"zfs-sync group create nightly --hub {solo.Name}:tank --to {solo.Name}:backup/tank");
        await solo.RunAsync("timeout 300 zfs-sync sync");

        (await solo.RunAsync("zfs-sync status")).ShouldContain("in sync");
        await Evidence.SameAsync(solo, "tank", solo, "backup/tank");
        await Evidence.SameAsync(solo, "tank/data", solo, "backup/tank/data");
        await Evidence.SameFilesAsync(solo, "tank/data@one", solo, "backup/tank/data@one");
        await solo.RunAsync("systemctl stop zfs-sync-up");
        (await solo.TryAsync("pgrep -f zfs-sync-witness")).ExitCode.ShouldBe(1, "nothing outlives zfs-sync up");
    }
}

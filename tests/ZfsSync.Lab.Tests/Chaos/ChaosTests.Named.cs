using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Lab.Tests.EndToEnd;
using ZfsSync.Lab.Tests.Lab;

namespace ZfsSync.Lab.Tests.Chaos;

public sealed partial class ChaosTests
{
    private const int Patience = 600;

    /// <summary>Longer than ssh waits for an answer.</summary>
    private static readonly TimeSpan ShortOutage = TimeSpan.FromSeconds(65);

    /// <summary>Longer than a lease lasts too.</summary>
    private static readonly TimeSpan LongOutage = TimeSpan.FromMinutes(3);

    private static readonly TimeSpan EndedWithin = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_full_pool_is_the_reason_and_when_there_is_room_a_sync_brings_the_rest()
    {
        await hosts.Alpha.RunAsync(
            "zfs create tank/room && dd if=/dev/urandom of=/tank/room/file bs=1M count=20 status=none && zfs snapshot tank/room@one"
        );
        // Room for a part of it, so that it is not full before the transfer, but in its middle.
        await hosts.Beta.RunAsync(
            "truncate -s 96M /root/small && zpool create small /root/small && "
                + "dd if=/dev/urandom of=/small/room bs=1M count=8 status=none && zpool sync small && "
                + "{ dd if=/dev/urandom of=/small/filler bs=64k status=none || true; } 2>/dev/null && "
                + "rm /small/room && zpool sync small"
        );
        var group = await hosts.GroupAsync("room", "tank/room", "small/room");

        var full = (await hosts.UntilAsync(group, edges => edges is [{ Failures: > 0 }], Patience))[0];
        full.LastError.ShouldNotBeNull().ShouldContain("space");
        (await hosts.Witness.Admin.RunsAsync(100, CancellationToken.None))
            .First(run => run.SyncGroupId == group.Id)
            .ErrorKind.ShouldBe("space");
        await NeighbourIsCopiedAsync();

        await hosts.Beta.RunAsync("rm /small/filler && zpool sync small");
        await hosts.Witness.Admin.RetryAsync(group.Id, CancellationToken.None);
        await hosts.UntilProvenAsync(group, "one", 1, Patience);

        await Evidence.SameAsync(hosts.Alpha, "tank/room", hosts.Beta, "small/room");
        await Evidence.SameFilesAsync(hosts.Alpha, "tank/room@one", hosts.Beta, "small/room@one");
        await Evidence.NothingLeftBehindAsync(hosts.Alpha, "tank/room", hosts.Beta, "small/room");
        await hosts.Witness.Admin.DeleteGroupAsync(group.Id, CancellationToken.None);
        await hosts.Beta.RunAsync("zpool destroy small && rm /root/small");
    }

    /// <summary>Nothing of ours stands between the two programs there, and nobody but the kernel ends them here.</summary>
    [Fact]
    public async Task A_copy_from_pool_to_pool_ends_with_its_agent_and_goes_on_with_the_next()
    {
        await TwoHosts.KillAgentAsync(hosts.Alpha);
        await TwoHosts.StartAgentAsync(hosts.Alpha, killMode: "process");
        await hosts.Alpha.RunAsync(
            "truncate -s 256M /root/near && zpool create near /root/near && zfs create tank/big && "
                + "dd if=/dev/urandom of=/tank/big/file bs=1M count=64 status=none && zfs snapshot tank/big@one"
        );
        var group = await hosts.GroupAsync("near", "tank/big", "near/big", target: "alpha");

        try
        {
            await hosts.Alpha.RunAsync(
                "agent=$(systemctl show --property MainPID --value zfs-sync-agent); "
                    + "until awk '$1 == \"wchar:\" && $2 > 8000000 { found = 1 } END { exit !found }' /proc/$(pgrep -f '^zfs send .*tank/big@')/io 2>/dev/null; "
                    + $"do kill -0 $agent && [ $SECONDS -lt {Patience} ] || exit 1; done; kill -9 $agent"
            );
            await UntilEndedAsync(hosts.Alpha, "(tank/big@|near/big)");
            (await hosts.Alpha.RunAsync("zfs get -Hp -o value receive_resume_token near/big")).ShouldStartWith("1-");
        }
        finally
        {
            await TwoHosts.StartAgentAsync(hosts.Alpha);
        }

        await hosts.UntilProvenAsync(group, "one", 1, Patience);
        var runs = await hosts.Witness.Admin.RunsAsync(100, CancellationToken.None);
        runs.First(run => run.SyncGroupId == group.Id).Bytes.ShouldBeInRange(1, 60_000_000);
        await Evidence.SameFilesAsync(hosts.Alpha, "tank/big@one", hosts.Alpha, "near/big@one");
        await Evidence.NothingLeftBehindAsync(hosts.Alpha, "tank/big", hosts.Alpha, "near/big");
        await hosts.Witness.Admin.DeleteGroupAsync(group.Id, CancellationToken.None);
        await hosts.Alpha.RunAsync("zpool destroy near && rm /root/near");
    }

    /// <summary>
    /// Waits until no transfer whose command matches runs there. A receive that was told to end first writes what it
    /// has read; a send over a network that was cut lives until sshd notices.
    /// </summary>
    private static async Task UntilEndedAsync(LabVm vm, string pattern)
    {
        var programs = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var found = await vm.TryAsync($"pgrep -af '^zfs (send|receive) .*{pattern}'");
                programs = found.Output;
                return found.ExitCode == 1;
            },
            EndedWithin,
            () => $"Still there: {programs}"
        );
    }

    [Fact]
    public Task A_network_that_is_cut_then_slow_then_whole_costs_time_and_nothing_else() =>
        CutNetworkAsync("far", ShortOutage);

    /// <summary>Only when asked for: <c>./test --chaos</c>.</summary>
    [Fact(Explicit = true)]
    public Task A_network_that_is_cut_for_minutes_then_slow_then_whole_costs_time_and_nothing_else() =>
        CutNetworkAsync("farther", LongOutage);

    private async Task CutNetworkAsync(string name, TimeSpan outage)
    {
        await hosts.Alpha.RunAsync(
            $"zfs create tank/{name} && dd if=/dev/urandom of=/tank/{name}/file bs=1M count=16 status=none && zfs snapshot tank/{name}@one"
        );
        var group = await hosts.GroupAsync(
            name,
            $"tank/{name}",
            $"vault/{name}",
            new GroupPolicy { BandwidthBytesPerSecond = 1_000_000 }
        );
        var cut = (await hosts.UntilAsync(group, edges => HasMoved(edges, 6_000_000), Patience))[0].Run!.InstructionId;

        await hosts.Beta.NetworkAsync("cut");
        await Task.Delay(outage, TimeProvider.System);
        var away = (await hosts.Witness.Admin.EdgesAsync(group.Id, CancellationToken.None)).ShouldHaveSingleItem();
        away.State.ShouldNotBe(EdgeState.InSync);
        await hosts.Beta.NetworkAsync("heal");
        await hosts.Beta.NetworkAsync("slow", "4mbit", "80ms");
        // The rest may be little, and there before anybody looks.
        await hosts.UntilAsync(
            group,
            edges =>
                edges is [{ State: EdgeState.InSync }]
                || (HasMoved(edges, 1_000_000) && edges[0].Run!.InstructionId != cut),
            Patience
        );
        await hosts.Beta.NetworkAsync("heal");

        await hosts.UntilProvenAsync(group, "one", 1, Patience);
        var runs = (await hosts.Witness.Admin.RunsAsync(100, CancellationToken.None))
            .Where(run => run.SyncGroupId == group.Id)
            .ToList();
        runs.Single(run => run.InstructionId == cut).ErrorKind.ShouldBe("unreachable");
        runs.TakeWhile(run => run.InstructionId != cut)
            .Where(run => run.Bytes > 0)
            .ShouldHaveSingleItem("a slow network is no fault")
            .Bytes.ShouldBeLessThan(12_000_000, "what arrived before the cut is not sent again");
        await Evidence.SameAsync(hosts.Alpha, $"tank/{name}", hosts.Beta, $"vault/{name}");
        await Evidence.SameFilesAsync(hosts.Alpha, $"tank/{name}@one", hosts.Beta, $"vault/{name}@one");
        await Evidence.NothingLeftBehindAsync(hosts.Alpha, $"tank/{name}", hosts.Beta, $"vault/{name}");
    }

    private static bool HasMoved(IReadOnlyList<EdgeResource> edges, long bytes) =>
        edges is [{ Run: { State: InstructionState.Leased } run }] && run.Bytes > bytes;

    /// <summary>What goes to another pool of the same host does not wait for the one that is full.</summary>
    private async Task NeighbourIsCopiedAsync()
    {
        await hosts.Alpha.RunAsync("zfs create tank/neighbour && zfs snapshot tank/neighbour@one");
        var group = await hosts.GroupAsync("neighbour", "tank/neighbour", "vault/neighbour");
        await hosts.UntilProvenAsync(group, "one", 1, Patience);
    }
}

using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Lab.Tests.EndToEnd;

namespace ZfsSync.Lab.Tests.Chaos;

public sealed partial class ChaosTests
{
    private const int Patience = 600;

    /// <summary>Longer than ssh waits for an answer, and than a lease lasts.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromMinutes(3);

    [Fact(Explicit = true)]
    public async Task A_full_pool_is_the_reason_and_when_there_is_room_a_sync_brings_the_rest()
    {
        await hosts.Alpha.RunAsync(
            "zfs create tank/room && dd if=/dev/urandom of=/tank/room/file bs=1M count=20 status=none && zfs snapshot tank/room@one"
        );
        await hosts.Beta.RunAsync(
            "truncate -s 96M /root/small && zpool create small /root/small && "
                + "{ dd if=/dev/urandom of=/small/filler bs=64k status=none || true; } 2>/dev/null && zpool sync small"
        );
        var group = await hosts.GroupAsync("room", "tank/room", "small/room");

        var full = (await hosts.UntilAsync(group, edges => edges is [{ Failures: > 0 }], Patience))[0];
        full.LastError.ShouldNotBeNull().ShouldContain("space");
        (await hosts.Witness.Admin.RunsAsync(100, CancellationToken.None))
            .First(run => run.SyncGroupId == group.Id)
            .ErrorKind.ShouldBe("space");

        await hosts.Beta.RunAsync("rm /small/filler && zpool sync small");
        await hosts.Witness.Admin.RetryAsync(group.Id, CancellationToken.None);
        await hosts.UntilProvenAsync(group, "one", 1, Patience);

        await Evidence.SameAsync(hosts.Alpha, "tank/room", hosts.Beta, "small/room");
        await Evidence.SameFilesAsync(hosts.Alpha, "tank/room@one", hosts.Beta, "small/room@one");
        await Evidence.NothingLeftBehindAsync(hosts.Alpha, "tank/room", hosts.Beta, "small/room");
        await hosts.Witness.Admin.DeleteGroupAsync(group.Id, CancellationToken.None);
        await hosts.Beta.RunAsync("zpool destroy small && rm /root/small");
    }

    /// <summary>Takes ten minutes, so it is only run when asked for: <c>./test --chaos</c>.</summary>
    [Fact(Explicit = true)]
    public async Task A_network_that_is_cut_for_minutes_then_slow_then_whole_costs_time_and_nothing_else()
    {
        await hosts.Alpha.RunAsync(
            "zfs create tank/far && dd if=/dev/urandom of=/tank/far/file bs=1M count=24 status=none && zfs snapshot tank/far@one"
        );
        var group = await hosts.GroupAsync(
            "far",
            "tank/far",
            "vault/far",
            new GroupPolicy { BandwidthBytesPerSecond = 1_000_000 }
        );
        await hosts.UntilAsync(
            group,
            edges => edges is [{ Run: { State: InstructionState.Leased, Bytes: > 8_000_000 } }],
            Patience
        );

        await hosts.Beta.NetworkAsync("cut");
        await Task.Delay(Outage, TimeProvider.System);
        var away = (await hosts.Witness.Admin.EdgesAsync(group.Id, CancellationToken.None)).ShouldHaveSingleItem();
        away.State.ShouldNotBe(EdgeState.InSync);
        await hosts.Beta.NetworkAsync("heal");
        await hosts.Beta.NetworkAsync("slow", "4mbit", "80ms");
        await hosts.UntilAsync(
            group,
            edges => edges is [{ Run: { State: InstructionState.Leased, Bytes: > 1_000_000 } }],
            Patience
        );
        await hosts.Beta.NetworkAsync("heal");

        await hosts.UntilProvenAsync(group, "one", 1, Patience);
        var last = (await hosts.Witness.Admin.RunsAsync(100, CancellationToken.None)).First(run =>
            run.SyncGroupId == group.Id
        );
        last.Bytes.ShouldBeLessThan(20_000_000, "what arrived before the cut is not sent again");
        await Evidence.SameAsync(hosts.Alpha, "tank/far", hosts.Beta, "vault/far");
        await Evidence.SameFilesAsync(hosts.Alpha, "tank/far@one", hosts.Beta, "vault/far@one");
        await Evidence.NothingLeftBehindAsync(hosts.Alpha, "tank/far", hosts.Beta, "vault/far");
    }
}

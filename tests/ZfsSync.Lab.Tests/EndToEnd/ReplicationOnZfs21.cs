using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;

namespace ZfsSync.Lab.Tests.EndToEnd;

/// <summary>Debian bookworm: OpenZFS 2.1.</summary>
public sealed class TwoHostsWithZfs21() : TwoHosts("bookworm");

/// <summary>With what our own programs do alike on every release, and what the chaos tests do on the later one.</summary>
public sealed class ReplicationOnZfs21(TwoHostsWithZfs21 hosts)
    : ReplicationOnRealZfs(hosts),
        IClassFixture<TwoHostsWithZfs21>
{
    [Fact]
    public async Task A_target_with_snapshots_of_its_own_keeps_them_beside_the_new_copy()
    {
        var group = await CopiedAsync("ahead");
        await Hosts.Beta.RunAsync("zfs snapshot vault/ahead@own");
        var own = (await Evidence.GuidsAsync(Hosts.Beta, "vault/ahead"))[^1];
        await Hosts.Alpha.RunAsync("echo more > /tank/ahead/more && zfs snapshot tank/ahead@two");

        var edge = (await Hosts.UntilAsync(group, edges => edges is [{ State: EdgeState.Conflict }]))[0];
        edge.Repairs.ShouldContain(repair => repair.Kind == RepairKind.Rollback && repair.Destroys.Count == 1);
        await RepairAsync(edge, RepairKind.ReceiveBeside);

        await Hosts.UntilProvenAsync(group, "two", 1);
        await Evidence.SameAsync(Hosts.Alpha, "tank/ahead", Hosts.Beta, "vault/ahead");
        (await Hosts.Beta.RunAsync("zfs list -Hp -r -t snapshot -o guid vault")).Split('\n').ShouldContain(own);
    }

    [Fact]
    public async Task A_transfer_whose_agent_is_killed_goes_on_where_it_was_cut()
    {
        await Hosts.Alpha.RunAsync(
            "zfs create tank/cut && dd if=/dev/urandom of=/tank/cut/big bs=1M count=24 status=none && zfs snapshot tank/cut@big"
        );
        var group = await Hosts.GroupAsync(
            "cut",
            "tank/cut",
            "vault/cut",
            new GroupPolicy { BandwidthBytesPerSecond = 2_000_000 }
        );
        await Hosts.UntilAsync(
            group,
            edges => edges is [{ Run: { State: InstructionState.Leased, Bytes: > 6_000_000 } }]
        );

        await TwoHosts.KillAgentAsync(Hosts.Beta);
        await TwoHosts.StartAgentAsync(Hosts.Beta);

        await Hosts.UntilProvenAsync(group, "big", 1);
        var runs = await Hosts.Witness.Admin.RunsAsync(100, CancellationToken.None);
        var last = runs.First(run => run.SyncGroupId == group.Id);
        last.Bytes.ShouldBeLessThan(20_000_000, "the second transfer must not start from nothing");
        await Evidence.SameAsync(Hosts.Alpha, "tank/cut", Hosts.Beta, "vault/cut");
        await Evidence.SameFilesAsync(Hosts.Alpha, "tank/cut@big", Hosts.Beta, "vault/cut@big");
        await Evidence.NothingLeftBehindAsync(Hosts.Alpha, "tank/cut", Hosts.Beta, "vault/cut");
    }
}

using Shouldly;
using Xunit;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;

namespace ZfsSync.Lab.Tests.EndToEnd;

/// <summary>Debian bookworm: OpenZFS 2.1.</summary>
public sealed class TwoHostsWithZfs21() : TwoHosts("bookworm");

/// <summary>With what is done on the later release by the chaos tests.</summary>
public sealed class ReplicationOnZfs21(TwoHostsWithZfs21 hosts)
    : ReplicationOnRealZfs(hosts),
        IClassFixture<TwoHostsWithZfs21>
{
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

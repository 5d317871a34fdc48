using Shouldly;
using Xunit;
using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Replication;

namespace ZfsSync.Lab.Tests.EndToEnd;

public abstract partial class ReplicationOnRealZfs
{
    /// <summary>In seconds: each run of syncoid starts some thirty programs, and everything is emulated.</summary>
    protected const int Patience = 600;

    [Fact]
    public async Task Syncoid_moves_the_data_where_the_group_says_so_and_the_target_proves_it()
    {
        await Hosts.Alpha.RunAsync(
            "zfs create 'tank/sync oid' && dd if=/dev/urandom of='/tank/sync oid/big' bs=1M count=2 status=none && "
                + "zfs snapshot 'tank/sync oid@one' && echo two > '/tank/sync oid/two' && zfs snapshot 'tank/sync oid@tw o'"
        );
        var group = await Hosts.GroupAsync(
            "syncoid",
            "tank/sync oid",
            "vault/sync oid",
            new GroupPolicy
            {
                Engine = TransferEngine.Syncoid,
                Compress = true,
                BandwidthBytesPerSecond = 50_000_000,
            }
        );

        await Hosts.UntilProvenAsync(group, "tw o", 1, Patience);
        await Hosts.Alpha.RunAsync(
            "echo three > '/tank/sync oid/three' && zfs snapshot 'tank/sync oid@three' && zfs snapshot 'tank/sync oid@four'"
        );
        await Hosts.UntilProvenAsync(group, "four", 1, Patience);

        await Evidence.SameAsync(Hosts.Alpha, "tank/sync oid", Hosts.Beta, "vault/sync oid");
        (await Evidence.GuidsAsync(Hosts.Alpha, "tank/sync oid")).Count.ShouldBe(4, "syncoid takes none of its own");
        await Evidence.SameFilesAsync(Hosts.Alpha, "tank/sync oid@four", Hosts.Beta, "vault/sync oid@four");
        await Evidence.NothingLeftBehindAsync(Hosts.Alpha, "tank/sync oid", Hosts.Beta, "vault/sync oid");
        (await Hosts.Beta.RunAsync("zfs get -Hp -o value readonly,mounted 'vault/sync oid'")).ShouldBe("on\nno");
        var runs = await Hosts.Witness.Admin.RunsAsync(100, CancellationToken.None);
        runs.Where(run => run.SyncGroupId == group.Id).Max(run => run.Bytes).ShouldBeGreaterThan(2 << 20);
    }
}

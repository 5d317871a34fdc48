using Shouldly;
using Xunit;
using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Replication;

namespace ZfsSync.Lab.Tests.EndToEnd;

public abstract partial class ReplicationOnRealZfs
{
    /// <summary>In seconds: each run of syncoid starts some thirty programs, and everything is emulated.</summary>
    private const int Patience = 600;

    [Fact]
    public async Task Syncoid_moves_the_data_where_the_group_says_so_and_the_target_proves_it()
    {
        await hosts.Alpha.RunAsync(
            "zfs create 'tank/sync oid' && dd if=/dev/urandom of='/tank/sync oid/big' bs=1M count=2 status=none && "
                + "zfs snapshot 'tank/sync oid@one' && echo two > '/tank/sync oid/two' && zfs snapshot 'tank/sync oid@tw o'"
        );
        var group = await hosts.GroupAsync(
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

        await hosts.UntilProvenAsync(group, "tw o", 1, Patience);
        await hosts.Alpha.RunAsync(
            "echo three > '/tank/sync oid/three' && zfs snapshot 'tank/sync oid@three' && zfs snapshot 'tank/sync oid@four'"
        );
        await hosts.UntilProvenAsync(group, "four", 1, Patience);

        await Evidence.SameAsync(hosts.Alpha, "tank/sync oid", hosts.Beta, "vault/sync oid");
        (await Evidence.GuidsAsync(hosts.Alpha, "tank/sync oid")).Count.ShouldBe(4, "syncoid takes none of its own");
        await Evidence.SameFilesAsync(hosts.Alpha, "tank/sync oid@four", hosts.Beta, "vault/sync oid@four");
        await Evidence.NothingLeftBehindAsync(hosts.Alpha, "tank/sync oid", hosts.Beta, "vault/sync oid");
        (await hosts.Beta.RunAsync("zfs get -Hp -o value readonly,mounted 'vault/sync oid'")).ShouldBe("on\nno");
        var runs = await hosts.Witness.Admin.RunsAsync(100, CancellationToken.None);
        runs.Where(run => run.SyncGroupId == group.Id).Max(run => run.Bytes).ShouldBeGreaterThan(2 << 20);
    }

    [Fact]
    public async Task Syncoid_pushes_too_and_what_it_cannot_do_is_a_reason()
    {
        await hosts.Alpha.RunAsync("zfs create tank/pushed && zfs snapshot tank/pushed@one");
        var policy = new GroupPolicy { Engine = TransferEngine.Syncoid, Direction = TransferDirection.Push };
        var group = await hosts.GroupAsync("syncoid push", "tank/pushed", "vault/pushed", policy);
        await hosts.UntilProvenAsync(group, "one", 1, Patience);

        await hosts.Alpha.RunAsync("zfs rename tank/pushed@one tank/pushed@uno && zfs snapshot tank/pushed@two");

        var edges = await hosts.UntilAsync(group, edges => edges is [{ Reason: ReasonCode.EngineFindsAnotherBase }]);
        edges[0].Text.ShouldContain("engine to native");
        (await Evidence.GuidsAsync(hosts.Beta, "vault/pushed")).Count.ShouldBe(1);
    }
}

using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Replication;

namespace ZfsSync.Lab.Tests.EndToEnd;

/// <summary>The main job on real OpenZFS: witness, agents, ssh, send and receive. Each test has a dataset and a group of its own.</summary>
public abstract partial class ReplicationOnRealZfs(TwoHosts hosts)
{
    protected TwoHosts Hosts { get; } = hosts;

    [Fact]
    public async Task A_tree_is_copied_whole_then_only_what_is_new_then_nothing()
    {
        await Hosts.Alpha.RunAsync(
            "zfs create -p tank/tree/home/ann && zfs create 'tank/tree/with space' && "
                + "echo one > /tank/tree/home/ann/file && echo two > '/tank/tree/with space/a file' && "
                + "zfs snapshot -r tank/tree@monday && echo three >> /tank/tree/home/ann/file && zfs snapshot -r 'tank/tree@tue day'"
        );
        var group = await Hosts.GroupAsync("tree", "tank/tree", "vault/copies/tree");
        await Hosts.Beta.RunAsync("zfs create -p vault/copies");

        await Hosts.UntilProvenAsync(group, "tue day", 4);
        await Hosts.Alpha.RunAsync("echo four >> /tank/tree/home/ann/file && zfs snapshot -r tank/tree@wednesday");
        var edges = await Hosts.UntilProvenAsync(group, "wednesday", 4);

        foreach (var edge in edges)
            await Evidence.SameAsync(Hosts.Alpha, edge.Source.Dataset, Hosts.Beta, edge.Target.Dataset);
        await Evidence.SameFilesAsync(
            Hosts.Alpha,
            "tank/tree/home/ann@wednesday",
            Hosts.Beta,
            "vault/copies/tree/home/ann@wednesday"
        );
        await Evidence.SameFilesAsync(
            Hosts.Alpha,
            "tank/tree/with space@wednesday",
            Hosts.Beta,
            "vault/copies/tree/with space@wednesday"
        );
        await Evidence.NothingLeftBehindAsync(Hosts.Alpha, "tank/tree", Hosts.Beta, "vault/copies/tree");
        var check = await Hosts.Witness.Admin.CheckAsync(group.Id, CancellationToken.None);
        check.Edges.ShouldAllBe(edge => edge.Decision == DecisionKind.UpToDate);
    }

    [Fact]
    public async Task A_base_that_was_destroyed_on_the_source_is_replaced_by_its_bookmark()
    {
        var group = await CopiedAsync("pruned");
        await Hosts.Alpha.RunAsync(
            "zfs destroy tank/pruned@one && echo more > /tank/pruned/more && zfs snapshot tank/pruned@two"
        );

        await Hosts.UntilProvenAsync(group, "two", 1);

        (await Evidence.GuidsAsync(Hosts.Beta, "vault/pruned")).Count.ShouldBe(
            2,
            "the old snapshot stays on the target"
        );
        await Evidence.SameFilesAsync(Hosts.Alpha, "tank/pruned@two", Hosts.Beta, "vault/pruned@two");
    }

    [Fact]
    public async Task An_encrypted_dataset_is_copied_raw_to_a_host_that_never_has_the_key()
    {
        await Hosts.Alpha.RunAsync(
            "echo 'a long secret' | zfs create -o encryption=on -o keyformat=passphrase -o keylocation=prompt tank/secret && "
                + "echo hidden > /tank/secret/file && zfs snapshot tank/secret@one && echo more >> /tank/secret/file && zfs snapshot tank/secret@two"
        );
        var group = await Hosts.GroupAsync("secret", "tank/secret", "vault/secret");

        await Hosts.UntilProvenAsync(group, "two", 1);
        await Hosts.Alpha.RunAsync("echo again >> /tank/secret/file && zfs snapshot tank/secret@three");
        await Hosts.UntilProvenAsync(group, "three", 1);

        (await Hosts.Beta.RunAsync("zfs get -Hp -o value keystatus vault/secret")).ShouldBe("unavailable");
        await Evidence.SameAsync(Hosts.Alpha, "tank/secret", Hosts.Beta, "vault/secret");
        await Hosts.Beta.RunAsync("echo 'a long secret' | zfs load-key vault/secret");
        await Evidence.SameFilesAsync(Hosts.Alpha, "tank/secret@three", Hosts.Beta, "vault/secret@three");
    }

    [Fact]
    public async Task A_volume_is_copied_block_for_block()
    {
        await Hosts.Alpha.RunAsync(
            "zfs create -V 8M tank/volume && udevadm settle && "
                + "dd if=/dev/urandom of=/dev/zvol/tank/volume bs=1M count=4 status=none && sync && zfs snapshot tank/volume@one"
        );
        var group = await Hosts.GroupAsync("volume", "tank/volume", "vault/volume");

        await Hosts.UntilProvenAsync(group, "one", 1);

        await Evidence.SameBlocksAsync(Hosts.Alpha, "tank/volume", Hosts.Beta, "vault/volume", "one");
    }

    protected async Task<GroupResource> CopiedAsync(string name)
    {
        await Hosts.Alpha.RunAsync(
            $"zfs create tank/{name} && echo one > /tank/{name}/one && zfs snapshot tank/{name}@one"
        );
        var group = await Hosts.GroupAsync(name, $"tank/{name}", $"vault/{name}");
        await Hosts.UntilProvenAsync(group, "one", 1);
        return group;
    }

    protected Task RepairAsync(EdgeResource edge, RepairKind kind)
    {
        var option = edge.Repairs.Single(repair => repair.Kind == kind);
        return Hosts.Witness.Admin.ApproveAsync(
            edge.EdgeId,
            new RepairApproval { Kind = kind, Destroys = option.Destroys },
            CancellationToken.None
        );
    }
}

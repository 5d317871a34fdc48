using Shouldly;
using Xunit;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;

namespace ZfsSync.Lab.Tests.EndToEnd;

/// <summary>The main job on real OpenZFS: witness, agents, ssh, send and receive. Each test has a dataset and a group of its own.</summary>
public abstract partial class ReplicationOnRealZfs(TwoHosts hosts)
{
    [Fact]
    public async Task A_tree_is_copied_whole_then_only_what_is_new_then_nothing()
    {
        await hosts.Alpha.RunAsync(
            "zfs create -p tank/tree/home/ann && zfs create 'tank/tree/with space' && "
                + "echo one > /tank/tree/home/ann/file && echo two > '/tank/tree/with space/a file' && "
                + "zfs snapshot -r tank/tree@monday && echo three >> /tank/tree/home/ann/file && zfs snapshot -r 'tank/tree@tue day'"
        );
        var group = await hosts.GroupAsync("tree", "tank/tree", "vault/copies/tree");
        await hosts.Beta.RunAsync("zfs create -p vault/copies");

        await hosts.UntilProvenAsync(group, "tue day", 4);
        await hosts.Alpha.RunAsync("echo four >> /tank/tree/home/ann/file && zfs snapshot -r tank/tree@wednesday");
        var edges = await hosts.UntilProvenAsync(group, "wednesday", 4);

        foreach (var edge in edges)
            await Evidence.SameAsync(hosts.Alpha, edge.Source.Dataset, hosts.Beta, edge.Target.Dataset);
        await Evidence.SameFilesAsync(
            hosts.Alpha,
            "tank/tree/home/ann@wednesday",
            hosts.Beta,
            "vault/copies/tree/home/ann@wednesday"
        );
        await Evidence.SameFilesAsync(
            hosts.Alpha,
            "tank/tree/with space@wednesday",
            hosts.Beta,
            "vault/copies/tree/with space@wednesday"
        );
        await Evidence.NothingLeftBehindAsync(hosts.Alpha, "tank/tree", hosts.Beta, "vault/copies/tree");
        var check = await hosts.Witness.Admin.CheckAsync(group.Id, CancellationToken.None);
        check.Edges.ShouldAllBe(edge => edge.Decision == DecisionKind.UpToDate);
    }

    [Fact]
    public async Task A_transfer_whose_agent_is_killed_goes_on_where_it_was_cut()
    {
        await hosts.Alpha.RunAsync(
            "zfs create tank/cut && dd if=/dev/urandom of=/tank/cut/big bs=1M count=24 status=none && zfs snapshot tank/cut@big"
        );
        var group = await hosts.GroupAsync(
            "cut",
            "tank/cut",
            "vault/cut",
            new GroupPolicy { BandwidthBytesPerSecond = 2_000_000 }
        );
        await hosts.UntilAsync(
            group,
            edges => edges is [{ Run: { State: InstructionState.Leased, Bytes: > 6_000_000 } }]
        );

        await TwoHosts.KillAgentAsync(hosts.Beta);
        await TwoHosts.StartAgentAsync(hosts.Beta);

        await hosts.UntilProvenAsync(group, "big", 1);
        var runs = await hosts.Witness.Admin.RunsAsync(100, CancellationToken.None);
        var last = runs.First(run => run.SyncGroupId == group.Id);
        last.Bytes.ShouldBeLessThan(20_000_000, "the second transfer must not start from nothing");
        await Evidence.SameAsync(hosts.Alpha, "tank/cut", hosts.Beta, "vault/cut");
        await Evidence.SameFilesAsync(hosts.Alpha, "tank/cut@big", hosts.Beta, "vault/cut@big");
        await Evidence.NothingLeftBehindAsync(hosts.Alpha, "tank/cut", hosts.Beta, "vault/cut");
    }

    [Fact]
    public async Task A_target_that_was_written_to_is_a_conflict_until_a_person_approves_the_rollback()
    {
        var group = await CopiedAsync("written");
        await hosts.Beta.RunAsync(
            "zfs set readonly=off vault/written && zfs mount vault/written && echo mine > /vault/written/mine && sync && zpool sync vault"
        );
        await hosts.Alpha.RunAsync("echo more > /tank/written/more && zfs snapshot tank/written@two");

        var edge = (await hosts.UntilAsync(group, edges => edges is [{ Conflict: ConflictKind.TargetModified }]))[0];
        (await hosts.Beta.RunAsync("cat /vault/written/mine")).ShouldBe("mine");
        await RepairAsync(edge, RepairKind.Rollback);

        await hosts.UntilProvenAsync(group, "two", 1);
        await Evidence.SameAsync(hosts.Alpha, "tank/written", hosts.Beta, "vault/written");
    }

    [Fact]
    public async Task A_target_with_snapshots_of_its_own_keeps_them_beside_the_new_copy()
    {
        var group = await CopiedAsync("ahead");
        await hosts.Beta.RunAsync("zfs snapshot vault/ahead@own");
        var own = (await Evidence.GuidsAsync(hosts.Beta, "vault/ahead"))[^1];
        await hosts.Alpha.RunAsync("echo more > /tank/ahead/more && zfs snapshot tank/ahead@two");

        var edge = (await hosts.UntilAsync(group, edges => edges is [{ State: EdgeState.Conflict }]))[0];
        edge.Repairs.ShouldContain(repair => repair.Kind == RepairKind.Rollback && repair.Destroys.Count == 1);
        await RepairAsync(edge, RepairKind.ReceiveBeside);

        await hosts.UntilProvenAsync(group, "two", 1);
        await Evidence.SameAsync(hosts.Alpha, "tank/ahead", hosts.Beta, "vault/ahead");
        (await hosts.Beta.RunAsync("zfs list -Hp -r -t snapshot -o guid vault")).Split('\n').ShouldContain(own);
    }

    [Fact]
    public async Task A_base_that_was_destroyed_on_the_source_is_replaced_by_its_bookmark()
    {
        var group = await CopiedAsync("pruned");
        await hosts.Alpha.RunAsync(
            "zfs destroy tank/pruned@one && echo more > /tank/pruned/more && zfs snapshot tank/pruned@two"
        );

        await hosts.UntilProvenAsync(group, "two", 1);

        (await Evidence.GuidsAsync(hosts.Beta, "vault/pruned")).Count.ShouldBe(
            2,
            "the old snapshot stays on the target"
        );
        await Evidence.SameFilesAsync(hosts.Alpha, "tank/pruned@two", hosts.Beta, "vault/pruned@two");
    }

    [Fact]
    public async Task An_encrypted_dataset_is_copied_raw_to_a_host_that_never_has_the_key()
    {
        await hosts.Alpha.RunAsync(
            "echo 'a long secret' | zfs create -o encryption=on -o keyformat=passphrase -o keylocation=prompt tank/secret && "
                + "echo hidden > /tank/secret/file && zfs snapshot tank/secret@one && echo more >> /tank/secret/file && zfs snapshot tank/secret@two"
        );
        var group = await hosts.GroupAsync("secret", "tank/secret", "vault/secret");

        await hosts.UntilProvenAsync(group, "two", 1);
        await hosts.Alpha.RunAsync("echo again >> /tank/secret/file && zfs snapshot tank/secret@three");
        await hosts.UntilProvenAsync(group, "three", 1);

        (await hosts.Beta.RunAsync("zfs get -Hp -o value keystatus vault/secret")).ShouldBe("unavailable");
        await Evidence.SameAsync(hosts.Alpha, "tank/secret", hosts.Beta, "vault/secret");
        await hosts.Beta.RunAsync("echo 'a long secret' | zfs load-key vault/secret");
        await Evidence.SameFilesAsync(hosts.Alpha, "tank/secret@three", hosts.Beta, "vault/secret@three");
    }

    [Fact]
    public async Task A_volume_is_copied_block_for_block()
    {
        await hosts.Alpha.RunAsync(
            "zfs create -V 8M tank/volume && udevadm settle && "
                + "dd if=/dev/urandom of=/dev/zvol/tank/volume bs=1M count=4 status=none && sync && zfs snapshot tank/volume@one"
        );
        var group = await hosts.GroupAsync("volume", "tank/volume", "vault/volume");

        await hosts.UntilProvenAsync(group, "one", 1);

        await Evidence.SameBlocksAsync(hosts.Alpha, "tank/volume", hosts.Beta, "vault/volume", "one");
    }

    [Fact]
    public async Task An_agent_without_root_works_with_what_doctor_says_and_over_another_ssh_port()
    {
        const string User = "zfssync";
        await hosts.Alpha.RunAsync("zfs create tank/user && echo mine > /tank/user/file && zfs snapshot tank/user@one");
        await hosts.Beta.RunAsync("zfs create vault/user");
        await hosts.JoinAsync(
            hosts.Alpha,
            "alpha-user",
            $"--scope tank/user --ssh-host {hosts.Alpha.Name} --ssh-user {User} --ssh-port 2222",
            User
        );
        await hosts.JoinAsync(hosts.Beta, "beta-user", "--scope vault/user --ssh-host none", User);
        var group = await hosts.GroupAsync(
            "user",
            "tank/user",
            "vault/user/copy",
            source: "alpha-user",
            target: "beta-user"
        );

        await AllowWhatDoctorAsksForAsync("alpha", "tank/user", User);
        await AllowWhatDoctorAsksForAsync("beta", "vault/user", User);
        foreach (var (vm, scope) in new[] { (hosts.Alpha, "tank/user"), (hosts.Beta, "vault/user") })
            await vm.RunAsync(
                $"systemd-run --quiet --collect --unit zfs-sync-user --uid {User} --setenv HOME=/home/{User} "
                    + $"zfs-sync agent --interval 20s --scope {scope} --ssh-host-keys accept-new"
            );

        await hosts.UntilProvenAsync(group, "one", 1);
        await hosts.Alpha.RunAsync(
            "echo more >> /tank/user/file && zfs snapshot tank/user@two && zfs snapshot tank/user@three"
        );
        await hosts.UntilProvenAsync(group, "three", 1);
        await Evidence.SameAsync(hosts.Alpha, "tank/user", hosts.Beta, "vault/user/copy");
    }

    private async Task<GroupResource> CopiedAsync(string name)
    {
        await hosts.Alpha.RunAsync(
            $"zfs create tank/{name} && echo one > /tank/{name}/one && zfs snapshot tank/{name}@one"
        );
        var group = await hosts.GroupAsync(name, $"tank/{name}", $"vault/{name}");
        await hosts.UntilProvenAsync(group, "one", 1);
        return group;
    }

    private Task RepairAsync(EdgeResource edge, RepairKind kind)
    {
        var option = edge.Repairs.Single(repair => repair.Kind == kind);
        return hosts.Witness.Admin.ApproveAsync(
            edge.EdgeId,
            new RepairApproval { Kind = kind, Destroys = option.Destroys },
            CancellationToken.None
        );
    }

    /// <summary>Runs, as root, exactly the <c>zfs allow</c> lines that doctor prints for the user.</summary>
    private async Task AllowWhatDoctorAsksForAsync(string name, string scope, string user)
    {
        var vm = hosts[name];
        var before = await vm.TryAsync($"zfs-sync doctor --scope {scope}", user);
        var lines = before
            .Output.Split('\n')
            .Select(line => line[Math.Max(0, line.IndexOf("zfs allow -", StringComparison.Ordinal))..].Trim())
            .Where(line => line.StartsWith("zfs allow -", StringComparison.Ordinal))
            .ToList();
        lines.ShouldNotBeEmpty(before.Output + before.ErrorTail);
        foreach (var line in lines)
            await vm.RunAsync(line);
    }
}

using Shouldly;
using Xunit;
using ZfsSync.Contracts.Groups;
using ZfsSync.Core.Replication;

namespace ZfsSync.Lab.Tests.EndToEnd;

/// <summary>Debian trixie: OpenZFS 2.3.</summary>
public sealed class TwoHostsWithZfs23() : TwoHosts("trixie");

/// <summary>With what our own programs do alike on every release; which rights ZFS asks for is a fact of the contract.</summary>
public sealed class ReplicationOnZfs23(TwoHostsWithZfs23 hosts)
    : ReplicationOnRealZfs(hosts),
        IClassFixture<TwoHostsWithZfs23>
{
    [Fact]
    public async Task A_target_that_was_written_to_is_a_conflict_until_a_person_approves_the_rollback()
    {
        var group = await CopiedAsync("written");
        await Hosts.Beta.RunAsync(
            "zfs set readonly=off vault/written && zfs mount vault/written && echo mine > /vault/written/mine && sync && zpool sync vault"
        );
        await Hosts.Alpha.RunAsync("echo more > /tank/written/more && zfs snapshot tank/written@two");

        var edge = (await Hosts.UntilAsync(group, edges => edges is [{ Conflict: ConflictKind.TargetModified }]))[0];
        (await Hosts.Beta.RunAsync("cat /vault/written/mine")).ShouldBe("mine");
        await RepairAsync(edge, RepairKind.Rollback);

        await Hosts.UntilProvenAsync(group, "two", 1);
        await Evidence.SameAsync(Hosts.Alpha, "tank/written", Hosts.Beta, "vault/written");
    }

    [Fact]
    public async Task An_agent_without_root_works_with_what_doctor_says_and_over_another_ssh_port()
    {
        const string User = "zfssync";
        await Hosts.Alpha.RunAsync("zfs create tank/user && echo mine > /tank/user/file && zfs snapshot tank/user@one");
        await Hosts.Beta.RunAsync("zfs create vault/user");
        await Hosts.JoinAsync(
            Hosts.Alpha,
            "alpha-user",
            $"--scope tank/user --ssh-host {Hosts.Alpha.Name} --ssh-user {User} --ssh-port 2222",
            User
        );
        await Hosts.JoinAsync(Hosts.Beta, "beta-user", "--scope vault/user --ssh-host none", User);
        var group = await Hosts.GroupAsync(
            "user",
            "tank/user",
            "vault/user/copy",
            source: "alpha-user",
            target: "beta-user"
        );

        await AllowWhatDoctorAsksForAsync("alpha", "tank/user", User);
        await AllowWhatDoctorAsksForAsync("beta", "vault/user", User);
        foreach (var (vm, scope) in new[] { (Hosts.Alpha, "tank/user"), (Hosts.Beta, "vault/user") })
            await vm.RunAsync(
                $"systemd-run --quiet --collect --unit zfs-sync-user --uid {User} --setenv HOME=/home/{User} "
                    + $"zfs-sync agent --interval 20s --scope {scope} --ssh-host-keys accept-new"
            );

        await Hosts.UntilProvenAsync(group, "one", 1);
        await Hosts.Alpha.RunAsync(
            "echo more >> /tank/user/file && zfs snapshot tank/user@two && zfs snapshot tank/user@three"
        );
        await Hosts.UntilProvenAsync(group, "three", 1);
        await Evidence.SameAsync(Hosts.Alpha, "tank/user", Hosts.Beta, "vault/user/copy");
    }

    [Fact]
    public async Task Syncoid_pushes_too_and_what_it_cannot_do_is_a_reason()
    {
        await Hosts.Alpha.RunAsync("zfs create tank/pushed && zfs snapshot tank/pushed@one");
        var policy = new GroupPolicy { Engine = TransferEngine.Syncoid, Direction = TransferDirection.Push };
        var group = await Hosts.GroupAsync("syncoid push", "tank/pushed", "vault/pushed", policy);
        await Hosts.UntilProvenAsync(group, "one", 1, Patience);

        await Hosts.Alpha.RunAsync("zfs rename tank/pushed@one tank/pushed@uno && zfs snapshot tank/pushed@two");

        var edges = await Hosts.UntilAsync(group, edges => edges is [{ Reason: ReasonCode.EngineFindsAnotherBase }]);
        edges[0].Text.ShouldContain("engine to native");
        (await Evidence.GuidsAsync(Hosts.Beta, "vault/pushed")).Count.ShouldBe(1);
    }

    /// <summary>Runs, as root, exactly the <c>zfs allow</c> lines that doctor prints for the user.</summary>
    private async Task AllowWhatDoctorAsksForAsync(string name, string scope, string user)
    {
        var vm = Hosts[name];
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

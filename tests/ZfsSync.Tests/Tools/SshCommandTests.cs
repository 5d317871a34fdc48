using Shouldly;
using Xunit;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Ssh;

namespace ZfsSync.Tests.Tools;

public sealed class SshCommandTests
{
    private static readonly Command Listing = new("zfs", "list", "-Hp", "tank/a b");

    [Fact]
    public void The_whole_identity_is_in_the_command()
    {
        var target = new SshTarget("backup.example", "zfssync", 2222)
        {
            KeyFile = "/var/lib/zfs-sync/key",
            KnownHostsFile = "/var/lib/zfs sync/known_hosts",
            HostKeyPolicy = "accept-new",
        };
        var command = SshCommand.Of(target, Listing, SshOptions.Default, lane: 0);
        command.Program.ShouldBe("ssh");
        command.On.ShouldBeNull();
        var text = string.Join('\n', command.Arguments);
        text.ShouldContain("-p\n2222\n-l\nzfssync\n--\nbackup.example\n");
        text.ShouldContain("IdentityFile=\"/var/lib/zfs-sync/key\"\n-o\nIdentitiesOnly=yes");
        text.ShouldContain("UserKnownHostsFile=\"/var/lib/zfs sync/known_hosts\"");
        text.ShouldContain("StrictHostKeyChecking=accept-new");
        text.ShouldContain("BatchMode=yes");
        text.ShouldContain("ControlPath=none");
    }

    [Fact]
    public void The_remote_part_is_one_argument_in_which_each_word_is_quoted()
    {
        var command = SshCommand.Of(new SshTarget("h"), Listing, SshOptions.Default, lane: 0);
        command
            .Arguments[^1]
            .ShouldBe(
                """sh -c 'LC_ALL=C; PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"; export LC_ALL PATH; exec "$@"' sh zfs list -Hp 'tank/a b'"""
            );
    }

    [Fact]
    public async Task The_remote_part_runs_as_a_login_shell_would_run_it()
    {
        var remote = SshCommand
            .Of(
                new SshTarget("h"),
                new Command("sh", "-c", "echo \"$LC_ALL $1\"; exit 4", "sh", "it's $HOME\n*"),
                SshOptions.Default,
                lane: 1
            )
            .Arguments[^1];
        var result = await new LocalCommandRunner().RunAsync(
            new Command("sh", "-c", remote),
            null,
            TestContext.Current.CancellationToken
        );
        result.Output.ShouldBe("C it's $HOME\n*\n");
        result.ExitCode.ShouldBe(4);
    }

    [Fact]
    public void Commands_share_a_connection_and_a_stream_has_its_own()
    {
        var options = new SshOptions { ControlFolder = "/run/user/1000/zfs-sync" };
        var target = new SshTarget("h");
        var command = SshCommand.Of(target, Listing, options, lane: 0).Arguments;
        command.ShouldContain("ControlMaster=auto");
        command.ShouldContain("ControlPersist=60s");
        command.ShouldContain(argument => argument.StartsWith("ControlPath=\"/run/user/1000/zfs-sync/"));
        SshCommand.Of(target, Listing, options, lane: 1).Arguments.ShouldNotBe(command);
        SshCommand.Of(target, Listing, options, lane: 0).Arguments.ShouldBe(command);
    }

    [Fact]
    public void Two_identities_never_share_a_connection()
    {
        SshTarget[] targets =
        [
            new("h"),
            new("h", "u"),
            new("h", Port: 22),
            new("h") { KeyFile = "/k" },
            new("h") { KnownHostsFile = "/k" },
            new("h") { HostKeyPolicy = "yes" },
            new("u@h"),
        ];
        targets
            .Select(target => ControlSockets.PathOf("/run/x", target, 0))
            .Distinct()
            .Count()
            .ShouldBe(targets.Length);
    }

    [Fact]
    public void A_folder_too_deep_for_a_socket_is_left_for_the_runtime_folder()
    {
        var root = Directory.CreateTempSubdirectory("zs");
        try
        {
            var deep = Path.Combine(root.FullName, new string('d', 90));
            ControlSockets.Prepare(deep, root.FullName).ShouldBe(Path.Combine(root.FullName, "zfs-sync"));
            ControlSockets.Prepare(deep, deep).ShouldBeNull();
            ControlSockets.Prepare(root.FullName, null).ShouldBe(Path.Combine(root.FullName, "ssh"));
            ControlSockets.IsShortEnough("/run/user/1000/zfs-sync").ShouldBeTrue();
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("-oProxyCommand=reboot", null, null, null)]
    [InlineData("", null, null, null)]
    [InlineData("a b", null, null, null)]
    [InlineData("h;reboot", null, null, null)]
    [InlineData("h\n", null, null, null)]
    [InlineData("h", "-lroot", null, null)]
    [InlineData("h", "a b", null, null)]
    [InlineData("h", null, 0, null)]
    [InlineData("h", null, 70000, null)]
    [InlineData("h", null, null, "off")]
    public void A_target_that_could_be_taken_for_something_else_is_refused(
        string host,
        string? user,
        int? port,
        string? policy
    )
    {
        var target = new SshTarget(host, user, port) { HostKeyPolicy = policy };
        SshTargetRules.Fault(target).ShouldNotBeNull();
        Should.Throw<ArgumentException>(() => SshCommand.Of(target, Listing, SshOptions.Default, 0));
    }

    [Theory]
    [InlineData("/k${HOME}")]
    [InlineData("/k\"")]
    [InlineData("-k")]
    [InlineData("/k\n")]
    public void A_file_name_that_ssh_would_expand_is_refused(string path)
    {
        SshTargetRules.Fault(new SshTarget("h") { KeyFile = path }).ShouldNotBeNull();
        SshTargetRules.Fault(new SshTarget("h") { KnownHostsFile = path }).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("host-1.example.com")]
    [InlineData("192.0.2.7")]
    [InlineData("fe80::1%eth0")]
    [InlineData("my_alias")]
    public void Ordinary_hosts_pass(string host) => SshTargetRules.Fault(new SshTarget(host, "root")).ShouldBeNull();
}

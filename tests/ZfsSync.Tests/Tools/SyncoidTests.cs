using Shouldly;
using Xunit;
using ZfsSync.Core.Replication;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Syncoid;

namespace ZfsSync.Tests.Tools;

public sealed class SyncoidTests
{
    private static readonly SyncoidRun Local = new()
    {
        Source = DatasetName.Parse("tank/my data"),
        Target = DatasetName.Parse("backup/a:b"),
    };

    private static readonly SshTarget Far = new("beta.lan", "zfssync", 2222)
    {
        KeyFile = "/etc/zfs-sync/id",
        KnownHostsFile = "/etc/zfs-sync/hosts",
        HostKeyPolicy = "yes",
    };

    [Fact]
    public void A_local_run_has_the_safe_options_and_nothing_else() =>
        Arguments(Local)
            .ShouldBe([
                "--no-sync-snap",
                "--no-rollback",
                "--no-privilege-elevation",
                "--pv-options=-n -b -i 1",
                "--compress=none",
                "--sendoptions=Lce",
                "--recvoptions=u",
                "tank/my data",
                "backup/a:b",
            ]);

    [Fact]
    public void A_pull_reaches_the_source_with_the_agent_s_ssh_settings()
    {
        var arguments = Arguments(
            Local with
            {
                SourceOn = Far,
                Flags = new SendFlags(Raw: true, LargeBlocks: true, Compressed: false, Embedded: false),
                Set = new Dictionary<string, string> { ["readonly"] = "on", ["canmount"] = "noauto" },
                Compress = true,
                BytesPerSecond = 1_000_000,
                NewestOnly = true,
            }
        );
        arguments.ShouldContain("--no-stream");
        arguments.ShouldContain("--compress=zstd-fast");
        arguments.ShouldContain("--sendoptions=wL");
        arguments.ShouldContain("--recvoptions=u o canmount=noauto o readonly=on");
        arguments.ShouldContain("--source-bwlimit=1000000");
        arguments.ShouldContain("--sshport=2222");
        arguments.ShouldContain("--sshkey=/etc/zfs-sync/id");
        arguments.ShouldContain("--sshoption=BatchMode=yes");
        arguments.ShouldContain("--sshoption=IdentitiesOnly=yes");
        arguments.ShouldContain("--sshoption=UserKnownHostsFile=/etc/zfs-sync/hosts");
        arguments.ShouldContain("--sshoption=StrictHostKeyChecking=yes");
        arguments.TakeLast(2).ShouldBe(["zfssync@beta.lan:tank/my data", "backup/a:b"]);
    }

    [Fact]
    public void A_push_without_a_user_still_names_a_host() =>
        Arguments(Local with { TargetOn = new SshTarget("beta") })[^1].ShouldBe("@beta:backup/a:b");

    [Theory]
    [InlineData("beta;reboot", null, "/key")]
    [InlineData("fe80::1", null, "/key")]
    [InlineData("beta", "a b", "/key")]
    [InlineData("beta", "a@b", "/key")]
    [InlineData("beta", null, "/my key")]
    [InlineData("beta", null, "/key`x`")]
    public void What_syncoid_would_not_quote_is_refused(string host, string? user, string key)
    {
        var run = Local with { SourceOn = new SshTarget(host, user) { KeyFile = key } };
        SyncoidRules.Fault(run).ShouldNotBeNull();
        Should.Throw<ArgumentException>(() => SyncoidCommands.Run(run));
    }

    [Theory]
    [InlineData("mountpoint", "/a b")]
    [InlineData("user:note", "$(reboot)")]
    public void A_property_that_a_shell_would_read_is_refused(string name, string value) =>
        SyncoidRules
            .Fault(Local with { Set = new Dictionary<string, string> { [name] = value } })!
            .ShouldContain("set the group's engine to native");

    [Fact]
    public void A_local_pool_with_a_colon_is_refused() =>
        SyncoidRules.Fault(Local with { Source = DatasetName.Parse("a:b/c") })!.ShouldContain("another host");

    [Theory]
    [InlineData(
        "/usr/sbin/syncoid version 2.2.0\n(Getopt::Long::GetOptions version 2.57, Perl version 5.40.1)\n",
        "2.2.0"
    )]
    [InlineData("/usr/local/bin/syncoid version 2.1\n", "2.1")]
    [InlineData("something else", null)]
    public void The_release_is_read(string output, string? version) =>
        SyncoidProgram.ParseVersion(output)?.ToString().ShouldBe(version);

    [Fact]
    public void Bytes_are_counted_over_all_streams_of_a_run()
    {
        var transcript = Read(
            "NEWEST SNAPSHOT: y\nINFO: Sending oldest full snapshot tank/d@b (~ 12 KB) to new target filesystem:\n43864\n"
                + "INFO: Updating new target filesystem with incremental tank/d@b ... y (~ 8.0 MB):\n624\n1720320\n8427696\n"
        );
        transcript.Bytes.ShouldBe(43864 + 8427696);
        transcript.Failure(0).ShouldBeNull();
        transcript.IsCounting.ShouldBeTrue();
    }

    [Fact]
    public void Without_pv_nothing_is_counted_and_it_is_told()
    {
        var transcript = Read("WARN: pv not available on local machine - sync will continue without progress bar.\n");
        transcript.IsCounting.ShouldBeFalse();
        transcript.Warnings.ShouldHaveSingleItem();
        transcript.Failure(0).ShouldBeNull();
    }

    [Fact]
    public void A_dataset_that_it_leaves_out_is_no_success()
    {
        var failure = Read("INFO: Skipping dataset (syncoid:sync=false): tank/d...\n").Failure(0)!;
        failure.Kind.ShouldBe(ToolErrorKind.Unsupported);
        failure.Message.ShouldContain("zfs inherit syncoid:sync");
    }

    [Theory]
    [InlineData(
        ToolErrorKind.Modified,
        "Sending incremental tank/d@y ... z (~ 4 KB):\n1560\ncannot receive incremental stream: destination tank/copy has been modified\nsince most recent snapshot\nCRITICAL ERROR:  zfs send -L 'tank/d'@'y' 'tank/d'@'z' | zfs receive  -s  'tank/out of space' 2>&1 failed: 256 at /usr/sbin/syncoid line 889.\n"
    )]
    [InlineData(
        ToolErrorKind.Unreachable,
        "ssh: connect to host beta port 9: No route to host\nCRITICAL ERROR: ssh connection echo test failed for beta with exit code 255 at /usr/sbin/syncoid line 1714.\n"
    )]
    [InlineData(
        ToolErrorKind.Unreachable,
        "zfssync@beta: Permission denied (publickey).\nCRITICAL ERROR: ssh connection echo test failed for beta with exit code 255\n"
    )]
    [InlineData(
        ToolErrorKind.BaseMismatch,
        "NEWEST SNAPSHOT: z\n\nCRITICAL ERROR: Target tank/own exists but has no snapshots matching with tank/d!\n                Replication to target would require destroying existing\n"
    )]
    [InlineData(
        ToolErrorKind.BaseMismatch,
        "CRITICAL ERROR:\n\tTarget tank/own exists but has no snapshots matching with tank/d!\n"
    )]
    [InlineData(
        ToolErrorKind.Permission,
        "INFO: Sending oldest full snapshot tank/d@b (~ 12 KB) to new target filesystem:\ncannot receive new filesystem stream: permission denied\nCRITICAL ERROR:  zfs send 'tank/d'@'b' | ssh x ' zfs receive  -s  '\"'\"'tank/copy2'\"'\"'' failed: 256 at /usr/sbin/syncoid line 549.\n"
    )]
    [InlineData(ToolErrorKind.Busy, "Cannot sync now: tank/copy is already target of a zfs receive process.\n")]
    [InlineData(ToolErrorKind.Gone, "ERROR: cannot open 'tank/nope': dataset does not exist\n\n")]
    [InlineData(
        ToolErrorKind.Unknown,
        "CRITICAL ERROR:  zfs send 'tank/d'@'y' | zfs receive -s 'tank/out of space' 2>&1 failed: 36096 at /usr/sbin/syncoid line 889.\n"
    )]
    public void Its_errors_become_ours_and_the_command_that_it_repeats_does_not_count(ToolErrorKind kind, string output)
    {
        var failure = Read(output).Failure(2)!;
        failure.Kind.ShouldBe(kind);
        failure.Message.ShouldStartWith("syncoid ended with exit code 2: ");
    }

    private static SyncoidTranscript Read(string output)
    {
        var transcript = new SyncoidTranscript();
        foreach (var line in output.Split('\n'))
            transcript.Add(line);
        return transcript;
    }

    private static IReadOnlyList<string> Arguments(SyncoidRun run)
    {
        var command = SyncoidCommands.Run(run);
        command.On.ShouldBeNull();
        command.Program.ShouldBe("sh");
        command.Arguments.Take(4).ShouldBe(["-c", """exec "$@" 2>&1""", "sh", "syncoid"]);
        return [.. command.Arguments.Skip(4)];
    }
}

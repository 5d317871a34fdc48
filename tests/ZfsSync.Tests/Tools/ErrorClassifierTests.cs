using Shouldly;
using Xunit;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tests.Tools;

/// <summary>Standard error as the releases print it (2.1 to 2.4, Linux and FreeBSD), and what it means.</summary>
public sealed class ErrorClassifierTests
{
    [Theory]
    [InlineData(
        ToolErrorKind.Modified,
        "cannot receive incremental stream: destination tank/a has been modified\nsince most recent snapshot\n"
    )]
    [InlineData(
        ToolErrorKind.BaseMismatch,
        "cannot receive incremental stream: most recent snapshot of tank/a does not\nmatch incremental source\n"
    )]
    [InlineData(
        ToolErrorKind.BaseMismatch,
        "warning: cannot send 'tank/a@b': not an earlier snapshot from the same fs\n"
    )]
    [InlineData(
        ToolErrorKind.BaseMismatch,
        "cannot rollback to 'tank/a@x': more recent snapshots or bookmarks exist\nuse '-r' to force deletion of the following snapshots and bookmarks:\ntank/a@y\n"
    )]
    [InlineData(
        ToolErrorKind.Exists,
        "cannot receive new filesystem stream: destination 'tank/a' exists\nmust specify -F to overwrite it\n"
    )]
    [InlineData(
        ToolErrorKind.Exists,
        "cannot receive new filesystem stream: destination has snapshots (eg. tank/a@x)\nmust destroy them to overwrite it\n"
    )]
    [InlineData(ToolErrorKind.Exists, "cannot restore to tank/a@x: destination already exists\n")]
    [InlineData(
        ToolErrorKind.Exists,
        "cannot create snapshot 'tank/a@x': dataset already exists\nno snapshots were created\n"
    )]
    [InlineData(ToolErrorKind.Exists, "cannot create bookmark 'tank/a#x': bookmark exists\n")]
    [InlineData(ToolErrorKind.Exists, "cannot create 'tank/a': dataset already exists\n")]
    [InlineData(
        ToolErrorKind.Partial,
        "cannot receive incremental stream: destination tank/a contains partially-complete state from \"zfs receive -s\".\n"
    )]
    [InlineData(ToolErrorKind.Partial, "cannot receive incremental stream: dataset is busy\n")]
    [InlineData(ToolErrorKind.Stale, "cannot receive resume stream: dataset's resume token is corrupt\n")]
    [InlineData(ToolErrorKind.Stale, "cannot resume send: resume token is corrupt (incorrect checksum)\n")]
    [InlineData(ToolErrorKind.Stale, "cannot resume send: 'tank/a@x' used in the initial send no longer exists\n")]
    [InlineData(
        ToolErrorKind.Stale,
        "cannot resume send: 'tank/a@x' is no longer the same snapshot used in the initial send\n"
    )]
    [InlineData(ToolErrorKind.Stale, "cannot resume send: incremental source 0x94a20a5f25877859 no longer exists\n")]
    [InlineData(ToolErrorKind.Stale, "warning: cannot send 'tank/a@y': incremental source (@x) does not exist\n")]
    [InlineData(ToolErrorKind.Stale, "cannot send 'tank/a': incremental source (tank/a#x) does not exist\n")]
    [InlineData(ToolErrorKind.Key, "cannot receive new filesystem stream: inherited key must be loaded\n")]
    [InlineData(ToolErrorKind.Key, "cannot mount 'tank/a': encryption key not loaded\n")]
    [InlineData(ToolErrorKind.Key, "warning: cannot send 'tank/a@x': source key must be loaded\n")]
    [InlineData(ToolErrorKind.Key, "cannot send 'tank/a@x': dataset key must be loaded\n")]
    [InlineData(
        ToolErrorKind.RawLineage,
        "cannot receive incremental stream: IV set guid mismatch. See the 'zfs receive' man page section\n discussing the limitations of raw encrypted send streams.\n"
    )]
    [InlineData(
        ToolErrorKind.RawLineage,
        "cannot receive incremental stream: IV set guid missing. See errata 4 at https://openzfs.github.io/openzfs-docs/msg/ZFS-8000-ER.\n"
    )]
    [InlineData(
        ToolErrorKind.RawLineage,
        "cannot receive incremental stream: IV set guid mismatch. The incremental source snapshot on the\ndestination no longer has the IV set it was sent with, most commonly\n"
    )]
    [InlineData(
        ToolErrorKind.RawLineage,
        "cannot receive incremental stream: cannot perform raw receive on top of existing unencrypted dataset\n"
    )]
    [InlineData(
        ToolErrorKind.FlagChange,
        "cannot receive incremental stream: incremental send stream requires -L (--large-block), to match previous receive.\n"
    )]
    [InlineData(ToolErrorKind.Gone, "cannot open 'tank/a@x': dataset does not exist\n")]
    [InlineData(ToolErrorKind.Gone, "cannot open 'tank': no such pool\n")]
    [InlineData(ToolErrorKind.Gone, "cannot hold snapshot 'tank/a@x': dataset does not exist\n")]
    [InlineData(ToolErrorKind.Gone, "bookmark 'tank/a#x' does not exist.\n")]
    [InlineData(ToolErrorKind.Space, "cannot receive incremental stream: out of space\n")]
    [InlineData(
        ToolErrorKind.Space,
        "cannot receive new filesystem stream: destination tank/a space quota exceeded.\n"
    )]
    [InlineData(ToolErrorKind.Space, "cannot create snapshot 'tank/a@x': out of space\n")]
    [InlineData(ToolErrorKind.Permission, "cannot receive new filesystem stream: permission denied\n")]
    [InlineData(ToolErrorKind.Permission, "cannot send 'tank/a': permission denied\n")]
    [InlineData(ToolErrorKind.Permission, "cannot mount 'tank/a': Insufficient privileges\n")]
    [InlineData(ToolErrorKind.Permission, "filesystem successfully created, but it may only be mounted by root\n")]
    [InlineData(ToolErrorKind.Permission, "Permission denied the ZFS utilities must be run as root.\n")]
    [InlineData(
        ToolErrorKind.Clones,
        "cannot destroy 'tank/a@x': snapshot has dependent clones\nuse '-R' to destroy the following datasets:\ntank/c\n"
    )]
    [InlineData(ToolErrorKind.Clones, "cannot destroy snapshot tank/a@x: snapshot is cloned\n")]
    [InlineData(ToolErrorKind.Busy, "cannot destroy snapshot tank/a@x: dataset is busy\n")]
    [InlineData(
        ToolErrorKind.Busy,
        "cannot destroy snapshot tank/a@x: it's being held. Run 'zfs holds -r tank/a@x' to see holders.\n"
    )]
    [InlineData(ToolErrorKind.Busy, "cannot rename 'tank/a': dataset is busy\n")]
    [InlineData(
        ToolErrorKind.StreamBroken,
        "cannot receive incremental stream: checksum mismatch or incomplete stream.\nPartially received snapshot is saved.\nA resuming stream can be generated on the sending system by running:\n    zfs send -t 1-abc\n"
    )]
    [InlineData(ToolErrorKind.StreamBroken, "cannot receive: failed to read from stream\n")]
    [InlineData(ToolErrorKind.StreamBroken, "cannot receive: invalid stream (bad magic number)\n")]
    [InlineData(ToolErrorKind.StreamBroken, "warning: cannot send 'tank/a@x': Broken pipe\n")]
    [InlineData(ToolErrorKind.StreamBroken, "warning: cannot send 'tank/a@x': signal received\n")]
    [InlineData(ToolErrorKind.PoolFault, "cannot open 'tank/a': pool I/O is currently suspended\n")]
    [InlineData(ToolErrorKind.PoolFault, "cannot receive new filesystem stream: I/O error\n")]
    [InlineData(ToolErrorKind.Unsupported, "invalid option 'j'\nusage:\n\tlist [-Hp] ...\n")]
    [InlineData(ToolErrorKind.Unsupported, "bad property list: invalid property 'snapshots_changed'\n")]
    [InlineData(ToolErrorKind.Unsupported, "unrecognized command 'version'\n")]
    [InlineData(
        ToolErrorKind.Unsupported,
        "cannot receive: stream has unsupported feature, feature flags = 2000004 (unknown flags = 2000000)\n"
    )]
    [InlineData(
        ToolErrorKind.Unsupported,
        "cannot receive new filesystem stream: pool must be upgraded to receive this stream.\n"
    )]
    [InlineData(
        ToolErrorKind.NotInstalled,
        "The ZFS modules are not loaded.\nTry running '/sbin/modprobe zfs' as root to load them.\n"
    )]
    [InlineData(
        ToolErrorKind.NotInstalled,
        "The ZFS modules cannot be auto-loaded.\nTry running 'modprobe zfs' as root to manually load them.\n"
    )]
    [InlineData(ToolErrorKind.NotInstalled, "/dev/zfs and /proc/self/mounts are required.\n")]
    [InlineData(ToolErrorKind.Unknown, "something nobody has seen\n")]
    [InlineData(ToolErrorKind.Unknown, "")]
    public void A_text_means_a_kind(ToolErrorKind kind, string text) => ErrorClassifier.Classify(text).ShouldBe(kind);

    /// <summary>Printed by development builds after a receive that went well.</summary>
    [Fact]
    public void A_warning_about_later_raw_streams_is_no_raw_error() =>
        ErrorClassifier
            .Classify(
                "Warning: the snapshot 'tank/a@x' is based on was received as a raw stream, but\nthis incremental is not raw; it re-encrypts the data with a new IV set,\nso a later raw (zfs send -w) incremental based on it will fail with an\nIV set guid mismatch. Send this incremental raw as well to keep raw\nreplication working.\n"
            )
            .ShouldBe(ToolErrorKind.Unknown);

    [Theory]
    [InlineData("ssh: connect to host h port 22: Connection refused\n")]
    [InlineData("ssh: Could not resolve hostname h: Name or service not known\n")]
    [InlineData("zfs@h: Permission denied (publickey,password).\n")]
    [InlineData("Host key verification failed.\n")]
    [InlineData("Connection closed by 192.0.2.1 port 22\n")]
    [InlineData("client_loop: send disconnect: Broken pipe\n")]
    [InlineData("Timeout, server h not responding.\n")]
    [InlineData("kex_exchange_identification: read: Connection reset by peer\n")]
    [InlineData("")]
    public void Ssh_that_fails_itself_is_unreachable(string text) =>
        ErrorClassifier
            .Classify(text, new Command("zfs", "list").At(new SshTarget("h")), 255)
            .ShouldBe(ToolErrorKind.Unreachable);

    [Fact]
    public void A_remote_zfs_error_over_ssh_stays_what_it_is() =>
        ErrorClassifier
            .Classify(
                "cannot open 'tank': dataset does not exist\n",
                new Command("zfs", "list").At(new SshTarget("h")),
                1
            )
            .ShouldBe(ToolErrorKind.Gone);

    [Theory]
    [InlineData("sh: 1: exec: zfs: not found\n")]
    [InlineData("sh: exec: line 0: zfs: not found\n")]
    [InlineData("zfs: Command not found.\n")]
    public void A_remote_shell_without_the_program_says_not_installed(string text) =>
        ErrorClassifier
            .Classify(text, new Command("zfs", "list").At(new SshTarget("h")), 127)
            .ShouldBe(ToolErrorKind.NotInstalled);
}

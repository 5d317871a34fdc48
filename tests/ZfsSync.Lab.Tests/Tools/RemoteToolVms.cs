using ZfsSync.Lab.Tests.Lab;
using ZfsSync.Tools.Commands;
using ZfsSync.Tools.Ssh;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Lab.Tests.Tools;

/// <summary>Two VMs with a pool each, reached through their real sshd by the programs' own runner.</summary>
public abstract class RemoteToolVms(string suite) : LabVms(suite, "left", "right")
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zs");

    public LocalCommandRunner Runner { get; private set; } = new();

    public SshTarget Left => Target(this["left"].SshPort);

    public SshTarget Right => Target(this["right"].SshPort);

    public ZfsHost LeftZfs => new(Runner, Left);

    public ZfsHost RightZfs => new(Runner, Right);

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Runner = new LocalCommandRunner(
            new SshOptions { ControlFolder = ControlSockets.Prepare(_folder.FullName, null) }
        );
        await this["left"].RunAsync("zpool create left /dev/vdb");
        await this["right"].RunAsync("zpool create right /dev/vdb");
    }

    /// <summary>The same machine with a known-hosts file of one's own.</summary>
    public SshTarget Target(int port, string knownHosts = "known hosts", string policy = "accept-new") =>
        new("127.0.0.1", "root", port)
        {
            KeyFile = Path.Combine(
                Environment.GetEnvironmentVariable("ZFS_SYNC_LAB_DIR") ?? "/var/tmp/zfs-sync-lab",
                "key"
            ),
            KnownHostsFile = Path.Combine(_folder.FullName, knownHosts),
            HostKeyPolicy = policy,
        };

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await base.DisposeAsync();
        _folder.Delete(recursive: true);
    }
}

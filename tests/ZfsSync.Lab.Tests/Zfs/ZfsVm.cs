using ZfsSync.Lab.Tests.Lab;
using ZfsSync.Testing.Zfs;

namespace ZfsSync.Lab.Tests.Zfs;

/// <summary>One VM with the two pools of the contract.</summary>
public abstract class ZfsVm(string suite) : LabVms(suite, "contract")
{
    private RealZfs? _zfs;

    /// <summary>The ZFS in the VM. Skips the test when there is no lab here.</summary>
    public RealZfs Zfs => _zfs ??= new RealZfs(this["contract"]);

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        if (!CanRun)
            return;
        // A run that was killed leaves the VM, and the pools of its scenarios in it.
        await this["contract"]
            .RunAsync(
                // On a busy machine udev can be too slow for zpool, which then gives up.
                "make() { for try in 1 2 3; do zpool create -f $1 $2 && return; udevadm settle; sleep 1; done; false; }; "
                    + $"for pool in {ZfsUnderTest.SourcePool} {ZfsUnderTest.TargetPool}; do zpool destroy -f $pool 2>/dev/null; done; make {ZfsUnderTest.SourcePool} /dev/vdb && make {ZfsUnderTest.TargetPool} /dev/vdc"
                    // A passphrase is hashed 350,000 times whenever it is used.
                    + $" && head -c 32 /dev/urandom >{RealZfs.Key} && head -c 32 /dev/urandom >{RealZfs.OtherKey}"
            );
    }

    public override async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _zfs?.Dispose();
        await base.DisposeAsync();
    }
}

/// <summary>OpenZFS 2.1.</summary>
public sealed class Zfs21Vm() : ZfsVm("bookworm");

/// <summary>OpenZFS 2.3.</summary>
public sealed class Zfs23Vm() : ZfsVm("trixie");

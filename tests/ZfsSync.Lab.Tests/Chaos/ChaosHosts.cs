using ZfsSync.Lab.Tests.EndToEnd;

namespace ZfsSync.Lab.Tests.Chaos;

/// <summary>The lab's default suite, OpenZFS 2.3, or the one that is named. Long enough for a run of a hundred rounds.</summary>
public sealed class ChaosHosts()
    : TwoHosts(Environment.GetEnvironmentVariable("ZFS_SYNC_LAB_SUITE") ?? "trixie", "chaos-alpha", "chaos-beta")
{
    /// <inheritdoc/>
    protected override int LifetimeMinutes => 240;
}

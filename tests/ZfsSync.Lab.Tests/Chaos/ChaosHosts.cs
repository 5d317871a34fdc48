using ZfsSync.Lab.Tests.EndToEnd;

namespace ZfsSync.Lab.Tests.Chaos;

/// <summary>Debian trixie: OpenZFS 2.3. Long enough for a run of a hundred rounds.</summary>
public sealed class ChaosHosts() : TwoHosts("trixie", "chaos-alpha", "chaos-beta")
{
    /// <inheritdoc/>
    protected override int LifetimeMinutes => 240;
}

using Xunit;

namespace ZfsSync.Lab.Tests.EndToEnd;

/// <summary>Debian trixie: OpenZFS 2.3.</summary>
public sealed class TwoHostsWithZfs23() : TwoHosts("trixie");

/// <summary>Debian bookworm: OpenZFS 2.1.</summary>
public sealed class TwoHostsWithZfs21() : TwoHosts("bookworm");

public sealed class ReplicationOnZfs23(TwoHostsWithZfs23 hosts)
    : ReplicationOnRealZfs(hosts),
        IClassFixture<TwoHostsWithZfs23>;

public sealed class ReplicationOnZfs21(TwoHostsWithZfs21 hosts)
    : ReplicationOnRealZfs(hosts),
        IClassFixture<TwoHostsWithZfs21>;

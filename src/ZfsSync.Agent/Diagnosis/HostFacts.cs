using ZfsSync.Agent.Identity;
using ZfsSync.Core.Snapshots;
using ZfsSync.Tools.Zfs;

namespace ZfsSync.Agent.Diagnosis;

/// <summary>What the doctor found out. A fault is the sentence of what went wrong; null when it went well.</summary>
internal sealed record HostFacts
{
    public ZfsFeatures? Zfs { get; init; }
    public string? ZfsFault { get; init; }
    public IReadOnlyList<PoolFacts> Pools { get; init; } = [];
    public string? PoolsFault { get; init; }

    public string User { get; init; } = "";
    public bool IsRoot { get; init; }
    public IReadOnlyList<string> Groups { get; init; } = [];

    public AgentIdentity? Identity { get; init; }
    public string? IdentityFault { get; init; }
    public bool IsKeyFileOpenToOthers { get; init; }
    public string? DataDirectoryFault { get; init; }
    public long? DataDirectoryFreeBytes { get; init; }

    public string? WitnessFault { get; init; }
    public string? WitnessRemedy { get; init; }

    /// <summary>This host's clock minus the witness's.</summary>
    public TimeSpan? ClockSkew { get; init; }

    public IReadOnlyList<RoleFacts> Roles { get; init; } = [];
    public IReadOnlyList<SshFacts> SshHosts { get; init; } = [];

    /// <summary>Null when no group has this host run syncoid.</summary>
    public SyncoidFacts? Syncoid { get; init; }
}

/// <summary>A dataset below which this host sends or receives.</summary>
/// <param name="Grants">Null when they could not be read.</param>
/// <param name="Fault">Why not.</param>
internal sealed record RoleFacts(
    DatasetName Root,
    HostRole Role,
    IReadOnlyList<PermissionGrant>? Grants,
    string? Fault
);

internal enum HostRole
{
    Source,
    Target,
}

/// <summary>Another host that this one reaches over ssh.</summary>
/// <param name="Address">As ssh was asked for it.</param>
/// <param name="Release">Its OpenZFS.</param>
/// <param name="Fault">Why it cannot be used.</param>
internal sealed record SshFacts(string Address, ZfsFeatures? Release, string? Fault)
{
    /// <summary>Its clock minus this host's; null when it was not told.</summary>
    public TimeSpan? ClockSkew { get; init; }
}

/// <summary>The syncoid that groups have this host run.</summary>
/// <param name="Groups">Their names.</param>
/// <param name="Version">Null when it cannot be used.</param>
/// <param name="Fault">Why not.</param>
/// <param name="CountsBytes">Whether pv is there, without which a transfer shows no progress.</param>
internal sealed record SyncoidFacts(IReadOnlyList<string> Groups, Version? Version, string? Fault, bool CountsBytes);

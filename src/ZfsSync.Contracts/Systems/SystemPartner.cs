namespace ZfsSync.Contracts.Systems;

/// <summary>Another host that a host has edges with, and how its agent is to reach it.</summary>
/// <param name="SystemId">Its id.</param>
/// <param name="Hostname">Its name.</param>
public sealed record SystemPartner(Guid SystemId, string Hostname)
{
    /// <summary>Its name or address for ssh; absent when it is not to be reached.</summary>
    public string? SshHostname { get; init; }

    /// <summary>As whom; absent for ssh's default.</summary>
    public string? SshUser { get; init; }

    /// <summary>On which port; absent for ssh's default.</summary>
    public int? SshPort { get; init; }
}

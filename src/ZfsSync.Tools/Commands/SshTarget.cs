namespace ZfsSync.Tools.Commands;

/// <summary>How to reach another host with ssh.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="User">The remote user; null for ssh's default.</param>
/// <param name="Port">The port; null for ssh's default (its config file may say).</param>
public sealed record SshTarget(string Host, string? User = null, int? Port = null)
{
    /// <summary>A private key file; null for ssh's default.</summary>
    public string? KeyFile { get; init; }

    /// <summary>A known-hosts file; null for ssh's default.</summary>
    public string? KnownHostsFile { get; init; }

    /// <summary>ssh's StrictHostKeyChecking: yes, accept-new or no; null for ssh's default.</summary>
    public string? HostKeyPolicy { get; init; }

    /// <summary><c>user@host:port</c>, for people.</summary>
    public override string ToString() => $"{(User is null ? "" : User + "@")}{Host}{(Port is null ? "" : $":{Port}")}";
}

namespace ZfsSync.Tools.Ssh;

/// <summary>How ssh is used, for all hosts alike.</summary>
public sealed record SshOptions
{
    /// <summary>No shared connections.</summary>
    public static readonly SshOptions Default = new();

    /// <summary>
    /// A folder of our own (mode 0700) for the sockets of shared connections, so that only the first of many commands pays for signing
    /// in; null to sign in each time. See <see cref="ControlSockets.Prepare"/> for one that is short enough.
    /// </summary>
    public string? ControlFolder { get; init; }

    /// <summary>How long to try to connect, in whole seconds.</summary>
    public int ConnectTimeoutSeconds { get; init; } = 15;

    /// <summary>A connection on which nothing is heard for three times this long is given up.</summary>
    public int KeepAliveSeconds { get; init; } = 15;
}

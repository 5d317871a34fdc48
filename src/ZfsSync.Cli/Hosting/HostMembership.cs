using System.Runtime.InteropServices;
using ZfsSync.Agent;
using ZfsSync.Agent.Identity;
using ZfsSync.Cli.Connection;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Cli.Hosting;

/// <summary>This host as a host of a witness.</summary>
internal static class HostMembership
{
    /// <summary>What people call the system it runs.</summary>
    public static string Platform =>
        OperatingSystem.IsLinux() ? "linux"
        : OperatingSystem.IsFreeBSD() ? "freebsd"
        : RuntimeInformation.OSDescription;

    /// <summary>The identity with which this host already is a member, or null when it is not, or no longer.</summary>
    public static async Task<AgentIdentity?> FindAsync(
        AgentOptions options,
        WitnessAccess access,
        HttpClient http,
        CancellationToken cancellation
    )
    {
        if (AgentIdentity.TryLoad(options.KeyFile) is not { } identity)
            return null;
        var own = WitnessClient.Connect(http, options.Witness, identity.ApiKey, access.Prefix);
        try
        {
            await own.SystemAsync(identity.SystemId, cancellation);
            return identity;
        }
        catch (WitnessException refused) when (refused.Status is 401 or 404)
        {
            return null;
        }
    }

    /// <summary>Makes this host a member with an admin's key; takes the place of an earlier host of its name.</summary>
    public static Task<AgentIdentity> JoinAsync(
        AgentOptions options,
        WitnessClient admin,
        string hostname,
        CancellationToken cancellation
    ) =>
        Enrollment.JoinAsync(
            options,
            admin,
            new SystemRegistration
            {
                Hostname = hostname,
                Platform = Platform,
                SshHostname = hostname,
            },
            replace: true,
            cancellation
        );
}

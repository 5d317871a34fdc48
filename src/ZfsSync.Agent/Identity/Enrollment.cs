using System.Security.Cryptography;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Client;
using ZfsSync.Contracts.Systems;

namespace ZfsSync.Agent.Identity;

/// <summary>Makes a host known to a witness, once.</summary>
public static class Enrollment
{
    /// <summary>Registers the host and keeps its identity in <see cref="AgentOptions.KeyFile"/>.</summary>
    /// <param name="options">With the witness and the key file.</param>
    /// <param name="client">Signed in with an enrollment token or an admin key.</param>
    /// <param name="registration">The host.</param>
    /// <param name="replace">Take over a host of the same name, or an earlier identity in the key file; admins only.</param>
    /// <exception cref="AgentException">The host has joined already, its name is taken, or the key file cannot be written.</exception>
    /// <exception cref="WitnessException">The witness refuses otherwise, or is not reached.</exception>
    public static async Task<AgentIdentity> JoinAsync(
        AgentOptions options,
        WitnessClient client,
        SystemRegistration registration,
        bool replace,
        CancellationToken cancellation
    )
    {
        if (!replace && AgentIdentity.TryLoad(options.KeyFile) is { } earlier)
            throw new AgentException(
                $"This host has joined already, as {earlier}. To join anew, remove {options.KeyFile} or use --replace."
            );
        EnsureWritable(options.KeyFile);
        var system = await RegisterAsync(client, registration, replace, cancellation);
        var identity = new AgentIdentity
        {
            Witness = options.Witness,
            SystemId = system.Id,
            Hostname = system.Hostname,
            AgentId = RandomNumberGenerator.GetHexString(32, lowercase: true),
            ApiKey =
                system.ApiKey
                ?? throw new AgentException("The witness gave no key. Is its version older than this agent's?"),
        };
        identity.Save(options.KeyFile);
        return identity;
    }

    private static async Task<SystemResource> RegisterAsync(
        WitnessClient client,
        SystemRegistration registration,
        bool replace,
        CancellationToken cancellation
    )
    {
        try
        {
            return await client.RegisterAsync(registration, replace, cancellation);
        }
        catch (WitnessException fault) when (fault.Code == ProblemCodes.Exists)
        {
            throw new AgentException(
                $"The witness knows a host '{registration.Hostname}' already. Give this one another name (--hostname), or take the old one's place with an admin key and --replace.",
                fault
            );
        }
        catch (WitnessException fault) when (fault.Code == ProblemCodes.Unauthenticated)
        {
            throw new AgentException(
                "The witness does not accept the token: it is wrong, used up or expired. Make a new one there: zfs-sync key create --kind enrollment.",
                fault
            );
        }
    }

    /// <summary>The witness shows the key once: where it goes must be sure before it is asked for.</summary>
    private static void EnsureWritable(string keyFile)
    {
        var probe = keyFile + ".new";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(keyFile))!);
            File.WriteAllText(probe, "");
            File.Delete(probe);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new AgentException($"The key file {keyFile} cannot be written: {fault.Message}", fault);
        }
    }
}

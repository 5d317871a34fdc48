using System.Globalization;
using ZfsSync.Agent;
using ZfsSync.Agent.Identity;
using ZfsSync.Contracts;
using ZfsSync.Contracts.Client;

namespace ZfsSync.Cli.Connection;

/// <summary>
/// Which witness to ask, and with which key: options, then the environment, then what lies in the data directory. On the
/// witness's own machine nothing needs to be said.
/// </summary>
internal sealed record WitnessAccess(Setting Address, Setting Key, string Prefix)
{
    private const int DefaultPort = 8000;

    public Uri Uri { get; private init; } = new("http://127.0.0.1:8000");

    public static WitnessAccess Find(
        Surroundings surroundings,
        string? address,
        string? keyFile,
        string? dataDirectory = null
    )
    {
        var directory = dataDirectory ?? DataDirectory.Of(surroundings);
        var identity = new Lazy<AgentIdentity?>(() => Identity(directory));
        var found = AddressOf(surroundings, address, identity);
        var prefix = surroundings.Variable("ZFS_SYNC_API_PREFIX") ?? Routes.DefaultPrefix;
        return new WitnessAccess(found, KeyOf(surroundings, keyFile, directory, identity), prefix)
        {
            Uri = ParseAddress(found.Value!, found.Origin),
        };
    }

    public WitnessClient Connect(HttpClient http) => WitnessClient.Connect(http, Uri, Key.Value, Prefix);

    /// <summary>Reads an address; a scheme may be left out.</summary>
    public static Uri ParseAddress(string text, string origin)
    {
        var whole = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return Uri.TryCreate(whole, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw CommandFault.Usage(
                $"'{text}' ({origin}) is no address of a witness.",
                "Write it as http://HOST:8000 or https://HOST."
            );
    }

    private static Setting AddressOf(Surroundings surroundings, string? option, Lazy<AgentIdentity?> identity)
    {
        if (option is not null)
            return new Setting(option, "--witness");
        if (surroundings.Variable("ZFS_SYNC_URL") is { } url)
            return new Setting(url, "ZFS_SYNC_URL");
        if (surroundings.Variable("ZFS_SYNC_PORT") is { } port)
            return new Setting($"http://{LocalHost(surroundings)}:{Port(port)}", "ZFS_SYNC_PORT");
        if (identity.Value is { } joined)
            return new Setting(joined.Witness.ToString(), "the witness that this host has joined");
        return new Setting($"http://{LocalHost(surroundings)}:{DefaultPort}", "default");
    }

    private static string LocalHost(Surroundings surroundings) =>
        surroundings.Variable("ZFS_SYNC_HOST") switch
        {
            null or "0.0.0.0" or "::" or "*" or "+" => "127.0.0.1",
            var host when host.Contains(':', StringComparison.Ordinal) => $"[{host.Trim('[', ']')}]",
            var host => host,
        };

    private static int Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and < 65_536
            ? port
            : throw CommandFault.Usage($"ZFS_SYNC_PORT is '{text}'; a port is a number from 1 to 65535.");

    private static Setting KeyOf(
        Surroundings surroundings,
        string? option,
        string directory,
        Lazy<AgentIdentity?> identity
    )
    {
        if (option is not null)
            return new Setting(ReadKey(option), $"--key-file {option}");
        if (surroundings.Variable("ZFS_SYNC_API_KEY") is { } key)
            return new Setting(key.Trim(), "ZFS_SYNC_API_KEY");
        if (surroundings.Variable("ZFS_SYNC_ADMIN_KEY") is { } admin)
            return new Setting(admin.Trim(), "ZFS_SYNC_ADMIN_KEY");
        foreach (
            var file in new[] { DataDirectory.AdminKeyFile(directory), DataDirectory.ServiceAdminKeyFile(directory) }
        )
        {
            if (File.Exists(file))
                return new Setting(ReadKey(file), file);
        }
        if (identity.Value is { } joined)
            return new Setting(joined.ApiKey, "the key of this host's agent, which sees what concerns the host");
        return new Setting(null, "none");
    }

    private static string ReadKey(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim() is { Length: > 0 } key
                ? key
                : throw CommandFault.Usage($"The key file {file} is empty.", "It should hold one key on one line.");
        }
        catch (UnauthorizedAccessException)
        {
            throw new CommandFault(
                ExitCodes.Refused,
                $"The key file {file} may not be read by this user.",
                "Run as its owner (for instance with sudo), or give another key with --key-file or ZFS_SYNC_API_KEY."
            );
        }
        catch (IOException fault)
        {
            throw CommandFault.Usage($"The key file {file} cannot be read: {fault.Message}");
        }
    }

    /// <summary>Another user's identity is not ours to read, and no reason to stop.</summary>
    private static AgentIdentity? Identity(string directory)
    {
        try
        {
            return AgentIdentity.TryLoad(Path.Combine(directory, "agent-key.json"));
        }
        catch (AgentException)
        {
            return null;
        }
    }
}

using System.Reflection;

namespace ZfsSync.Cli.Commands;

/// <summary><c>zfs-sync version</c></summary>
internal sealed class VersionCommand : CliCommand
{
    public VersionCommand(Surroundings surroundings)
        : base("version", "the version of this program") =>
        SetAction(_ =>
        {
            surroundings.Out.WriteLine($"zfs-sync {Current}");
            return ExitCodes.Ok;
        });

    /// <summary>Without the commit that builds may add.</summary>
    public static string Current =>
        typeof(VersionCommand)
            .Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
            ?.InformationalVersion.Split('+')[0]
        ?? "unknown";
}

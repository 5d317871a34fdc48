using System.Text.RegularExpressions;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Syncoid;

/// <summary>The syncoid that is installed on this host.</summary>
public static partial class SyncoidProgram
{
    /// <summary>The oldest release whose options and texts are known.</summary>
    public static Version Oldest { get; } = new(2, 1);

    /// <summary>Its release.</summary>
    /// <exception cref="ToolException"><see cref="ToolErrorKind.NotInstalled"/>, naming the package; or <see cref="ToolErrorKind.Unsupported"/>: too old.</exception>
    public static async Task<Version> DetectAsync(ICommandRunner runner, CancellationToken cancellation)
    {
        var result = await runner.RunAsync(SyncoidCommands.Version, null, cancellation);
        if (ParseVersion(result.Output + result.ErrorTail) is not { } version)
            throw ToolFailure.Of(SyncoidCommands.Version, result);
        return version >= Oldest
            ? version
            : throw new ToolException(
                ToolErrorKind.Unsupported,
                result.ExitCode,
                result.ErrorTail,
                $"syncoid {version} is older than {Oldest}: upgrade the package {ProgramPackages.Of(SyncoidCommands.Program)}."
            );
    }

    /// <summary>From <c>/usr/sbin/syncoid version 2.2.0</c>; null when it is something else.</summary>
    public static Version? ParseVersion(string text) =>
        VersionPattern().Match(text) is { Success: true } match ? Version.Parse(match.Groups[1].ValueSpan) : null;

    [GeneratedRegex(@"syncoid version (\d{1,4}\.\d{1,4}(?:\.\d{1,4})?)")]
    private static partial Regex VersionPattern();
}

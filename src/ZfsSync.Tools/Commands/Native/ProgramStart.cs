using Microsoft.Win32.SafeHandles;

namespace ZfsSync.Tools.Commands.Native;

/// <summary>A command of this machine whose program was found: ready to start.</summary>
internal sealed record ProgramStart(Command Command, string Path, IReadOnlyList<string> Environment)
{
    private const int NotStarted = -1;

    /// <exception cref="ToolException">The program is not installed, or this system cannot run programs for us.</exception>
    public static ProgramStart Of(Command command)
    {
        if (!Platform.IsSupported)
            throw new PlatformNotSupportedException("Running ZFS's programs needs Linux or FreeBSD.");
        if (command.Arguments.Any(argument => argument.Contains('\0', StringComparison.Ordinal)))
            throw new ArgumentException("An argument cannot hold a NUL.", nameof(command));
        if (ProgramFiles.Find(command.Program) is not { } path)
            throw new ToolException(
                ToolErrorKind.NotInstalled,
                NotStarted,
                "",
                ProgramPackages.Missing(command.Program)
            );
        var environment = ProgramFiles.Surroundings();
        return new ProgramStart(
            command,
            path,
            command.Variables is null
                ? environment
                :
                [
                    .. environment.Where(line => !command.Variables.ContainsKey(line[..line.IndexOf('=', 1)])),
                    .. command.Variables.Select(pair => $"{pair.Key}={pair.Value}"),
                ]
        );
    }

    /// <exception cref="ToolException">The system refused.</exception>
    public ChildProcess Start(
        SafeFileHandle? input,
        SafeFileHandle? output,
        SafeFileHandle error,
        Lifeline? lifeline = null
    ) =>
        ChildProcess.Start(
            Path,
            [Command.Program, .. Command.Arguments],
            Environment,
            input,
            output,
            error,
            lifeline,
            out var errorNumber
        )
        ?? throw new ToolException(
            errorNumber switch
            {
                Platform.ErrorNotFound => ToolErrorKind.NotInstalled,
                Platform.ErrorAccess => ToolErrorKind.Permission,
                _ => ToolErrorKind.Unknown,
            },
            NotStarted,
            "",
            $"'{Path}' could not be started: {new System.ComponentModel.Win32Exception(errorNumber).Message}."
        );
}

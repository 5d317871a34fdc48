namespace ZfsSync.Cli;

/// <summary>A command cannot go on: what is wrong, and what to do about it, for the person who typed it.</summary>
internal sealed class CommandFault(int exitCode, string message, string? remedy = null) : Exception(message)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>What to do next; null when the message says it.</summary>
    public string? Remedy { get; } = remedy;

    public static CommandFault Usage(string message, string? remedy = null) => new(ExitCodes.Usage, message, remedy);
}

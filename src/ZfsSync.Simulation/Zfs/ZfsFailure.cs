namespace ZfsSync.Simulation.Zfs;

/// <summary>Ends a simulated command with its text on standard error.</summary>
internal sealed class ZfsFailure(string text, int exitCode = 1) : Exception(text)
{
    public int ExitCode { get; } = exitCode;

    /// <summary>Wrong arguments: the first line, then the usage; exit 2.</summary>
    public static ZfsFailure Usage(string? firstLine, string command) =>
        new((firstLine is null ? "" : firstLine + "\n") + ZfsUsage.Of(command), 2);
}

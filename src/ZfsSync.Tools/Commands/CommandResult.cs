namespace ZfsSync.Tools.Commands;

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">As the system reports it; 128 plus the number for a signal.</param>
/// <param name="Output">Standard output (empty when lines were streamed, or for a stage of a pipe).</param>
/// <param name="ErrorTail">The end of standard error, at most 16 KiB.</param>
public sealed record CommandResult(int ExitCode, string Output, string ErrorTail);

namespace ZfsSync.Tools.Commands;

/// <summary>A tool failed in a way its caller did not expect.</summary>
public sealed class ToolException(ToolErrorKind kind, int exitCode, string errorTail, string message)
    : Exception(message)
{
    /// <summary>What the failure means.</summary>
    public ToolErrorKind Kind { get; } = kind;

    /// <summary>The program's exit code; -1 when it could not be started.</summary>
    public int ExitCode { get; } = exitCode;

    /// <summary>The end of its standard error.</summary>
    public string ErrorTail { get; } = errorTail;
}

using System.Text.Json;
using ZfsSync.Contracts.Instructions;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Agent.Execution;

/// <summary>How an execution ended, as the witness is told.</summary>
/// <param name="ErrorKind">For failed and refused: the stable code.</param>
internal sealed record ExecutionEnd(OutcomeResult Result, string? ErrorKind, string? ErrorText)
{
    /// <summary>Every tool said yes, and the target does not show it.</summary>
    public const string Unproven = "unproven";

    /// <summary>The agent ended while it ran.</summary>
    public const string Interrupted = "interrupted";

    /// <summary>A fault of the agent itself.</summary>
    public const string Internal = "internal";

    public static readonly ExecutionEnd Done = new(OutcomeResult.Done, null, null);

    public static ExecutionEnd Refused(RefusedException fault) => new(OutcomeResult.Refused, fault.Code, fault.Message);

    public static ExecutionEnd Failed(string kind, string text) => new(OutcomeResult.Failed, kind, text);

    public static ExecutionEnd Failed(ToolException fault) =>
        Failed(JsonNamingPolicy.SnakeCaseLower.ConvertName(fault.Kind.ToString()), fault.Message);
}

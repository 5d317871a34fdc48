using ZfsSync.Tools.Commands;

namespace ZfsSync.Agent.Execution;

/// <summary>Tells from a broken pipe which of its stages broke it. Pure.</summary>
internal static class TransferFailure
{
    /// <summary>
    /// When one end of a pipe fails, the others fail of it: they say that the stream is broken, or nothing. So the stage that
    /// says something else is the cause; of two, the receiving one, which refuses before it reads.
    /// </summary>
    /// <returns>Null when every stage ended well.</returns>
    public static ToolException? Of(IReadOnlyList<Command> stages, PipeResult result)
    {
        var failures = stages
            .Zip(result.Stages)
            .Where(pair => pair.Second.ExitCode != 0)
            .Select(pair => ToolFailure.Of(pair.First, pair.Second))
            .ToList();
        return failures.FindLast(failure => failure.Kind is not (ToolErrorKind.StreamBroken or ToolErrorKind.Unknown))
            ?? failures.FindLast(failure => failure.Kind == ToolErrorKind.StreamBroken)
            ?? failures.FirstOrDefault();
    }
}

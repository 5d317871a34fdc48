namespace ZfsSync.Tools.Commands;

/// <summary>How a pipe ended.</summary>
/// <param name="Stages">Each stage's end, in order.</param>
/// <param name="Bytes">What went through the measured place: from the first to the second stage, unless the options say otherwise.</param>
public sealed record PipeResult(IReadOnlyList<CommandResult> Stages, long Bytes)
{
    /// <summary>Whether every stage ended with 0.</summary>
    public bool IsSuccess => Stages.All(stage => stage.ExitCode == 0);
}

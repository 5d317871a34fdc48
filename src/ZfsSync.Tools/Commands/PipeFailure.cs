namespace ZfsSync.Tools.Commands;

/// <summary>
/// When one program of a pipe fails, its neighbours fail because of it. Finds the one that tells why. Pure.
/// </summary>
public static class PipeFailure
{
    private const int KilledBySignalPipe = 128 + 13;

    /// <summary>The exception for a pipe that did not succeed: the most telling stage's.</summary>
    /// <param name="stages">The commands, as they were run.</param>
    /// <param name="result">How they ended; at least one badly.</param>
    public static ToolException Of(IReadOnlyList<Command> stages, PipeResult result)
    {
        var failed = result
            .Stages.Select((end, i) => (End: end, Command: stages[i]))
            .Where(stage => stage.End.ExitCode != 0)
            .ToList();
        if (failed.Count == 0)
            throw new ArgumentException("No stage of the pipe failed.", nameof(result));
        // Stable: of two equally telling ones the earlier, because bytes flow that way.
        var (end, command) = failed.OrderBy(stage => Rank(stage.End, stage.Command)).First();
        return ToolFailure.Of(command, end);
    }

    private static int Rank(CommandResult end, Command command)
    {
        var isSilent = string.IsNullOrWhiteSpace(end.ErrorTail);
        return ErrorClassifier.Classify(end.ErrorTail, command, end.ExitCode) switch
        {
            // The shell that runs zfs beside zstd ends with the code of zfs.
            ToolErrorKind.NotInstalled => 0,
            // It only noticed that its neighbour had gone.
            _ when end.ExitCode == KilledBySignalPipe => 7,
            ToolErrorKind.StreamBroken when end.ErrorTail.Contains("Broken pipe", StringComparison.Ordinal) => 6,
            ToolErrorKind.Unknown when isSilent => 5,
            ToolErrorKind.StreamBroken => 4,
            // ssh ends like this when its connection is lost, and when nobody takes its output any more.
            ToolErrorKind.Unreachable when isSilent => 3,
            ToolErrorKind.Unknown => 2,
            ToolErrorKind.Unreachable => 1,
            _ => 0,
        };
    }
}

namespace ZfsSync.Tools.Commands;

/// <summary>Makes the exception for a program that ended badly.</summary>
public static class ToolFailure
{
    private const int LongestShown = 300;
    private const int ShellFoundNoProgram = 127;

    /// <summary>The exception for one program.</summary>
    /// <param name="command">What ran.</param>
    /// <param name="result">How it ended.</param>
    /// <param name="telling">The part of its standard error that tells why, when its caller knows; else all of it.</param>
    public static ToolException Of(Command command, CommandResult result, string? telling = null)
    {
        var text = string.IsNullOrWhiteSpace(telling) ? result.ErrorTail : telling;
        var kind = ErrorClassifier.Classify(text, command, result.ExitCode);
        var said = WithoutUsage(text).Trim();
        return new ToolException(
            kind,
            result.ExitCode,
            result.ErrorTail,
            kind == ToolErrorKind.NotInstalled && MissingProgram(text) is { } missing
                    ? $"{Where(command)}: {ProgramPackages.Missing(missing)}"
                : result.ExitCode == ShellFoundNoProgram
                    ? $"{Where(command)}: {ProgramPackages.Missing(StreamStage.Read(command).Commands[0].Program)}"
                : said.Length == 0 ? $"'{Shown(command)}' ended with exit code {result.ExitCode} and said nothing."
                : $"'{Shown(command)}' ended with exit code {result.ExitCode}: {said}"
        );
    }

    /// <summary>The part of a tool's standard error before the usage that some failures bring along.</summary>
    public static string WithoutUsage(string errorText)
    {
        const string usage = "usage:\n";
        var at = errorText.StartsWith(usage, StringComparison.Ordinal)
            ? 0
            : errorText.IndexOf("\n" + usage, StringComparison.Ordinal);
        return at > 0 ? errorText[..at] : errorText;
    }

    /// <summary>From <c>sh: 1: zstd: not found</c> or <c>bash: line 1: zstd: command not found</c>.</summary>
    private static string? MissingProgram(string text)
    {
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            foreach (var end in (string[])[": not found", ": command not found"])
            {
                if (line.EndsWith(end, StringComparison.Ordinal))
                    return line[..^end.Length].Split(' ', ':')[^1];
            }
        }
        return null;
    }

    private static string Where(Command command) => command.On is null ? "On this host" : $"On {command.On}";

    /// <summary>
    /// As a person would type it: a stage without the shell's part in it. Batches make commands of 100 KiB; nobody reads them in a
    /// message.
    /// </summary>
    private static string Shown(Command command)
    {
        var inTurn = StreamStage.Read(command).Commands;
        var text = string.Join(" && ", inTurn.Skip(1).Select(next => next.At(null)).Prepend(inTurn[0]));
        return text.Length > LongestShown ? text[..LongestShown] + "…" : text;
    }
}

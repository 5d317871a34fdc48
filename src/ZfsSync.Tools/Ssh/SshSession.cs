using System.Globalization;
using ZfsSync.Core.Display;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Ssh;

/// <summary>
/// Several commands in one ssh session: for short ones, a session costs more than what it runs. A mark that no output holds
/// tells where each ended, and how. Pure.
/// </summary>
public static class SshSession
{
    private const string Script =
        """mark=$1; shift; for command; do eval "$command"; code=$?; printf '\n%s %s\n' "$mark" "$code"; printf '%s\n' "$mark" >&2; [ "$code" = 0 ] || exit "$code"; done""";

    /// <summary>One command that runs all of them on their host, one after the other, until one ends badly.</summary>
    /// <param name="commands">At least one; all of the same host.</param>
    /// <param name="mark">A word that nobody can guess.</param>
    public static Command Of(IReadOnlyList<Command> commands, string mark) =>
        new Command(
            "sh",
            [
                "-c",
                Script,
                "sh",
                mark,
                .. commands.Select(command => ShellQuoter.Join([command.Program, .. command.Arguments])),
            ]
        ).At(commands[0].On);

    /// <summary>How each ended, of those that ran. The last one may be the session itself, when it broke in between.</summary>
    public static IReadOnlyList<CommandResult> Read(CommandResult session, int count, string mark)
    {
        var results = new List<CommandResult>();
        var (output, errors) = (session.Output, session.ErrorTail);
        var sign = $"\n{mark} ";
        while (output.IndexOf(sign, StringComparison.Ordinal) is var at and >= 0)
        {
            var end = output.IndexOf('\n', at + sign.Length);
            var code = int.Parse(output.AsSpan(at + sign.Length, end - at - sign.Length), CultureInfo.InvariantCulture);
            var said = errors.IndexOf($"{mark}\n", StringComparison.Ordinal);
            results.Add(new CommandResult(code, output[..at], said < 0 ? errors : errors[..said]));
            output = output[(end + 1)..];
            errors = said < 0 ? "" : errors[(said + mark.Length + 1)..];
        }
        if (results.Count < count && (results.Count == 0 || results[^1].ExitCode == 0))
            results.Add(new CommandResult(session.ExitCode == 0 ? Lost : session.ExitCode, output, errors));
        return results;
    }

    /// <summary>As ssh ends when its connection is lost.</summary>
    private const int Lost = 255;
}

using System.Globalization;
using ZfsSync.Core.Display;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Ssh;

/// <summary>
/// Sequences of short commands in one ssh session, which costs more than what it runs. The sequences run at the same time:
/// most of their commands wait for a transaction group, and so for the same one. A mark that no output holds tells where each
/// command ended, and how. Pure.
/// </summary>
public static class SshSession
{
    // Each stage of the pipe runs its own sequence, and then passes on what the ones behind it have said.
    private const string Script = """
        mark=$1; shift
        run() { "$@" </dev/null 2>&1; code=$?; printf '\n%s %s\n' "$mark" "$code"; return "$code"; }
        each() {
          [ $# -gt 0 ] || return 0
          sequence=$1; shift
          each "$@" | { eval "$sequence"; cat; }
        }
        each "$@"
        exit 0
        """;

    /// <summary>As ssh ends when its connection is lost.</summary>
    private const int Lost = 255;

    /// <summary>One command that runs all of them on their host: each sequence until one of its commands ends badly.</summary>
    /// <param name="sequences">At least one, none empty; all of the same host.</param>
    /// <param name="mark">A word that nobody can guess.</param>
    public static Command Of(IReadOnlyList<IReadOnlyList<Command>> sequences, string mark) =>
        new Command("sh", ["-c", Script, "sh", mark, .. sequences.Select(Line)]).At(sequences[0][0].On);

    /// <summary>
    /// How each command ended, of those that ran; what it said on either output is its error. A session that broke is the failure of
    /// all that are not known to have ended by then.
    /// </summary>
    /// <param name="session">How the command of <see cref="Of"/> ended.</param>
    /// <param name="sequences">As they were given to <see cref="Of"/>.</param>
    /// <param name="mark">The same.</param>
    public static IReadOnlyList<IReadOnlyList<CommandResult>> Read(
        CommandResult session,
        IReadOnlyList<IReadOnlyList<Command>> sequences,
        string mark
    )
    {
        var ends = new Queue<CommandResult>(Ends(session, mark, out var rest));
        var all = new List<IReadOnlyList<CommandResult>>();
        foreach (var sequence in sequences)
        {
            var results = new List<CommandResult>();
            while (results.Count < sequence.Count && (results.Count == 0 || results[^1].ExitCode == 0))
                results.Add(ends.TryDequeue(out var end) ? end : rest);
            all.Add(results);
        }
        return all;
    }

    private static string Line(IReadOnlyList<Command> sequence) =>
        string.Join(
            " && ",
            sequence.Select(command => $"run {ShellQuoter.Join([command.Program, .. command.Arguments])}")
        );

    private static List<CommandResult> Ends(CommandResult session, string mark, out CommandResult rest)
    {
        var ends = new List<CommandResult>();
        var output = session.Output;
        var sign = $"\n{mark} ";
        while (output.IndexOf(sign, StringComparison.Ordinal) is var at and >= 0)
        {
            var end = output.IndexOf('\n', at + sign.Length);
            if (end < 0)
                break;
            var code = int.Parse(output.AsSpan(at + sign.Length, end - at - sign.Length), CultureInfo.InvariantCulture);
            ends.Add(new CommandResult(code, "", output[..at]));
            output = output[(end + 1)..];
        }
        rest = new CommandResult(session.ExitCode == 0 ? Lost : session.ExitCode, "", output + session.ErrorTail);
        return ends;
    }
}

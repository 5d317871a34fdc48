using System.CommandLine;
using ZfsSync.Cli.Input;

namespace ZfsSync.Cli.Output;

/// <summary>Says what is wrong with a command line, and what was probably meant.</summary>
internal static class UsageReport
{
    public static int Write(ParseResult parse, Surroundings surroundings)
    {
        var command = parse.CommandResult.Command;
        var unknown = parse.UnmatchedTokens;
        if (unknown.Count > 0)
            Say(surroundings, Unknown(unknown[0], command));
        else
        {
            foreach (var message in parse.Errors.Select(e => OneLine(e.Message)).Distinct(StringComparer.Ordinal))
                Say(surroundings, message);
        }
        surroundings.Error.WriteLine($"  See: {Path(command)} --help");
        return ExitCodes.Usage;
    }

    /// <summary>The words that lead to a command.</summary>
    public static string Path(Command command) =>
        command.Parents.OfType<Command>().FirstOrDefault() is { } parent
            ? $"{Path(parent)} {command.Name}"
            : CommandTree.ProgramName;

    private static string Unknown(string token, Command command)
    {
        var isOption = token.StartsWith('-');
        var known = isOption
            ? command.Options.Where(o => !o.Hidden).Select(o => o.Name)
            : command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
        var what = isOption || command.Subcommands.Count == 0 ? "option or argument" : "command";
        var meant = Likeness.Nearest(token, known);
        return $"'{Path(command)}' knows no {what} '{token}'" + (meant is null ? "." : $"; did you mean '{meant}'?");
    }

    private static string OneLine(string message) =>
        string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static void Say(Surroundings surroundings, string message) =>
        surroundings.Error.WriteLine(SafeText.Neutralise($"zfs-sync: {message}"));
}

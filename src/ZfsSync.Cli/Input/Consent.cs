using System.CommandLine;
using ZfsSync.Cli.Output;

namespace ZfsSync.Cli.Input;

/// <summary>Asks a person before something that cannot be taken back. Without a terminal the command line must say it.</summary>
internal static class Consent
{
    public static Option<bool> YesOption() => new("--yes", "-y") { Description = "do not ask" };

    /// <summary>Goes on only when the person types <paramref name="word"/>.</summary>
    /// <exception cref="CommandFault">They did not, or nobody can be asked.</exception>
    public static void ToTyped(Surroundings surroundings, bool yes, string consequence, string word)
    {
        if (yes)
            return;
        if (!surroundings.IsInTerminal)
            throw CommandFault.Usage(
                $"{consequence} Nobody can be asked here, because standard input is no terminal.",
                "Say it on the command line with --yes."
            );
        surroundings.Error.WriteLine(SafeText.Neutralise(consequence));
        surroundings.Error.Write(SafeText.Neutralise($"Type {word} to go on: "));
        surroundings.Error.Flush();
        if (surroundings.In.ReadLine()?.Trim() != word)
            throw new CommandFault(ExitCodes.NotInSync, "Nothing was done.");
    }
}

using System.Globalization;

namespace ZfsSync.Tools.Commands;

/// <summary>
/// A stage of a pipe that is more than one program: one command, and so one ssh session, for senders or receivers that take
/// their turns at the stream, with or without zstd beside them. Pure.
/// </summary>
public static class StreamStage
{
    /// <summary>
    /// Each command when the one before it has ended well, all on the same descriptors; ends as the last one that ran. Its
    /// arguments are the commands, each with the number of its words before it, so that no word can end a command.
    /// </summary>
    private const string InTurn = """
        while [ $# -gt 0 ]; do
          i=1 words=
          while [ "$i" -le "$1" ]; do i=$((i + 1)); words="$words \"\${$i}\""; done
          eval "$words" || exit
          shift "$i"
        done
        """;

    /// <summary>
    /// Compresses on the sender's side what it sends, and ends with the sender's exit code: a shell's pipe would
    /// forget it. Descriptor 3 carries the code, 4 the stream.
    /// </summary>
    private const string Packing =
        """exec 4>&1; code=$({ { "$@" 3>&- 4>&-; echo "$?" >&3; } | zstd -qc >&4 3>&- 4>&-; } 3>&1); exit "${code:-1}" """;

    /// <summary>Ends with the receiver's exit code; a stream that zstd finds broken ends early, and the receiver says so.</summary>
    private const string Unpacking = """zstd -qdc | "$@" """;

    /// <summary>The stage as one command of their host.</summary>
    /// <param name="commands">At least one, all of the same host. Each takes its turn when the one before it has ended well.</param>
    /// <param name="packing">What zstd does there.</param>
    public static Command Of(IReadOnlyList<Command> commands, StreamPacking packing)
    {
        var stage = commands is [var only]
            ? only
            : Shell(InTurn, commands.Select(Words).SelectMany(words => words.Prepend(Count(words)))).At(commands[0].On);
        return packing switch
        {
            StreamPacking.Packs => Shell(Packing, Words(stage)).At(stage.On),
            StreamPacking.Unpacks => Shell(Unpacking, Words(stage)).At(stage.On),
            _ => stage,
        };
    }

    /// <summary>The other way: the commands that <see cref="Of"/> was given. Any other command stands for itself.</summary>
    public static (IReadOnlyList<Command> Commands, StreamPacking Packing) Read(Command stage)
    {
        if (WordsOf(stage, Packing) is { } packed)
            return (Turns(Inner(stage, packed)), StreamPacking.Packs);
        if (WordsOf(stage, Unpacking) is { } unpacked)
            return (Turns(Inner(stage, unpacked)), StreamPacking.Unpacks);
        return (Turns(stage), StreamPacking.None);
    }

    private static List<Command> Turns(Command stage)
    {
        if (WordsOf(stage, InTurn) is not { } words)
            return [stage];
        var commands = new List<Command>();
        for (int at = 0, count; at < words.Count; at += 1 + count)
        {
            count = int.Parse(words[at], CultureInfo.InvariantCulture);
            commands.Add(Inner(stage, [.. words.Skip(at + 1).Take(count)]));
        }
        return commands;
    }

    private static Command Shell(string script, IEnumerable<string> words) =>
        new("sh", ["-c", script.TrimEnd(), "sh", .. words]);

    private static IReadOnlyList<string>? WordsOf(Command stage, string script) =>
        stage is { Program: "sh", Arguments: ["-c", var text, "sh", _, ..] } && text == script.TrimEnd()
            ? [.. stage.Arguments.Skip(3)]
            : null;

    private static Command Inner(Command stage, IReadOnlyList<string> words) =>
        new Command(words[0], [.. words.Skip(1)]).At(stage.On);

    private static List<string> Words(Command command) => [command.Program, .. command.Arguments];

    private static string Count(List<string> words) => words.Count.ToString(CultureInfo.InvariantCulture);
}

namespace ZfsSync.Simulation.Zfs;

/// <summary>The arguments after the command's name, taken apart as getopt does: options may follow operands.</summary>
internal sealed class ZfsOptions
{
    private readonly List<(char Letter, string Value)> _given = [];

    public List<string> Operands { get; } = [];
    public IReadOnlyList<(char Letter, string Value)> Given => _given;

    /// <param name="command">For the usage text.</param>
    /// <param name="letters">As getopt takes them: a colon follows a letter that takes a value.</param>
    /// <param name="longNames">Long options and their letters.</param>
    public static ZfsOptions Parse(
        string command,
        string letters,
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, char>? longNames = null
    )
    {
        var options = new ZfsOptions();
        for (var at = 0; at < arguments.Count; at++)
        {
            var argument = arguments[at];
            if (argument == "--")
            {
                options.Operands.AddRange(arguments.Skip(at + 1));
                break;
            }
            if (argument.StartsWith("--", StringComparison.Ordinal))
                argument = "-" + Letter(command, argument, longNames);
            if (argument.Length < 2 || argument[0] != '-')
                options.Operands.Add(argument);
            else
                at = options.Take(command, letters, arguments, at, argument);
        }
        return options;
    }

    public bool Has(char letter) => _given.Exists(option => option.Letter == letter);

    public string? Value(char letter) => Has(letter) ? _given.FindLast(option => option.Letter == letter).Value : null;

    public IEnumerable<string> Values(char letter) =>
        _given.Where(option => option.Letter == letter).Select(option => option.Value);

    /// <summary>The one operand, or zfs's complaint.</summary>
    public string Single(string command, string what)
    {
        if (Operands.Count == 0)
            throw ZfsFailure.Usage($"missing {what} argument", command);
        if (Operands.Count > 1)
            throw ZfsFailure.Usage("too many arguments", command);
        return Operands[0];
    }

    private static char Letter(string command, string argument, IReadOnlyDictionary<string, char>? longNames) =>
        longNames is not null && longNames.TryGetValue(argument, out var letter)
            ? letter
            : throw ZfsFailure.Usage($"invalid option '{argument}'", command);

    private int Take(string command, string letters, IReadOnlyList<string> arguments, int at, string argument)
    {
        for (var i = 1; i < argument.Length; i++)
        {
            var letter = argument[i];
            var known = letter == ':' ? -1 : letters.IndexOf(letter, StringComparison.Ordinal);
            if (known < 0)
                throw ZfsFailure.Usage($"invalid option '{letter}'", command);
            if (known + 1 >= letters.Length || letters[known + 1] != ':')
            {
                _given.Add((letter, ""));
                continue;
            }
            if (i + 1 < argument.Length)
                _given.Add((letter, argument[(i + 1)..]));
            else if (at + 1 < arguments.Count)
                _given.Add((letter, arguments[++at]));
            else
                throw ZfsFailure.Usage($"missing argument for '{letter}' option", command);
            return at;
        }
        return at;
    }
}

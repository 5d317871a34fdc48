using System.CommandLine;

namespace ZfsSync.Cli.Input;

/// <summary>Options that hold a number with a unit.</summary>
internal static class AmountOption
{
    public static long? Seconds(ParseResult parse, Option<string?> option) =>
        Read(parse, option, Amount.Seconds, "length of time", Amount.TimeSyntax);

    public static long? Bytes(ParseResult parse, Option<string?> option) =>
        Read(parse, option, Amount.Bytes, "size", Amount.SizeSyntax);

    private static long? Read(
        ParseResult parse,
        Option<string?> option,
        Func<string, long?> reader,
        string what,
        string syntax
    )
    {
        if (parse.GetValue(option) is not { } text)
            return null;
        return reader(text)
            ?? throw CommandFault.Usage($"{option.Name} is '{text}', which is no {what}.", $"Write it like {syntax}.");
    }
}

using System.Globalization;

namespace ZfsSync.Cli.Input;

/// <summary>Numbers with units as people write them.</summary>
internal static class Amount
{
    public const string TimeHelpName = "TIME";
    public const string TimeSyntax = "90, 90s, 15m, 1h, 2d or 1w";
    public const string SizeSyntax = "500k, 20M or 1.5G";

    private static readonly Dictionary<string, double> TimeUnits = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = 1,
        ["s"] = 1,
        ["m"] = 60,
        ["min"] = 60,
        ["h"] = 3600,
        ["d"] = 86_400,
        ["w"] = 604_800,
    };

    private static readonly Dictionary<string, double> SizeUnits = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = 1,
        ["k"] = 1L << 10,
        ["M"] = 1L << 20,
        ["G"] = 1L << 30,
        ["T"] = 1L << 40,
    };

    /// <summary>Whole seconds; null when the text is no length of time.</summary>
    public static long? Seconds(string text) => Parse(text, TimeUnits);

    /// <summary>Bytes, in binary units; null when the text is no size.</summary>
    public static long? Bytes(string text) => Parse(text, SizeUnits);

    private static long? Parse(string text, Dictionary<string, double> units)
    {
        var end = text.Length;
        while (end > 0 && char.IsAsciiLetter(text[end - 1]))
            end--;
        if (!units.TryGetValue(text[end..], out var factor))
            return null;
        if (!double.TryParse(text[..end], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            return null;
        var total = number * factor;
        return total is >= 0 and < 9e15 ? (long)Math.Round(total) : null;
    }
}

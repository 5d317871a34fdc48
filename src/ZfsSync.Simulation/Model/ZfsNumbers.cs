using System.Globalization;

namespace ZfsSync.Simulation.Model;

/// <summary>Numbers as zfs reads and prints them for people.</summary>
internal static class ZfsNumbers
{
    private const string Units = "BKMGTPE";

    /// <summary>"1.5G" as bytes; "none" is 0.</summary>
    /// <exception cref="FormatException">It is not a number.</exception>
    public static long Parse(string text)
    {
        if (text == "none")
            return 0;
        var digits = text.TakeWhile(letter => char.IsAsciiDigit(letter) || letter == '.').Count();
        var unit = text[digits..].ToUpperInvariant().TrimEnd('B').TrimEnd('I');
        var power = unit.Length == 0 ? 0 : Units.IndexOf(unit, StringComparison.Ordinal);
        if (
            digits == 0
            || power < 0
            || !decimal.TryParse(
                text[..digits],
                NumberStyles.AllowDecimalPoint,
                CultureInfo.InvariantCulture,
                out var number
            )
        )
            throw new FormatException($"bad numeric value '{text}'");
        return (long)(number * (1L << (10 * power)));
    }

    /// <summary>At most five characters, such as 512B, 96K or 1.51M.</summary>
    public static string Short(long bytes)
    {
        var power = 0;
        while (power < 6 && bytes >> (10 * power) >= 1024)
            power++;
        var unit = power == 0 ? "B" : Units[power].ToString();
        if (bytes % (1L << (10 * power)) == 0)
            return $"{bytes >> (10 * power)}{unit}";
        var value = (double)bytes / (1L << (10 * power));
        for (var decimals = 2; ; decimals--)
        {
            var text = value.ToString("F" + decimals, CultureInfo.InvariantCulture) + unit;
            if (text.Length <= 5 || decimals == 0)
                return text;
        }
    }
}

using System.Globalization;

namespace ZfsSync.Tools.Zfs;

/// <summary>Reads <c>zfs send -nvP</c>.</summary>
public static class EstimateParser
{
    /// <summary>
    /// The number of the line <c>size&lt;TAB&gt;bytes</c>. Null when there is none, or when it is above 2^62: zfs subtracts
    /// what a token says was received, and the difference of a small rest wraps around.
    /// </summary>
    public static ulong? Parse(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            if (
                line.StartsWith("size\t", StringComparison.Ordinal)
                && ulong.TryParse(
                    line.AsSpan("size\t".Length).Trim(),
                    NumberStyles.None,
                    CultureInfo.InvariantCulture,
                    out var bytes
                )
            )
                return bytes < 1UL << 62 ? bytes : null;
        }
        return null;
    }
}

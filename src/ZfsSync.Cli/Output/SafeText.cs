using System.Globalization;
using System.Text;

namespace ZfsSync.Cli.Output;

/// <summary>
/// Names and texts come from other machines, and a terminal obeys what it prints. Control characters, escape sequences
/// and characters that reorder or hide text are shown as <c>\u001b</c> instead.
/// </summary>
internal static class SafeText
{
    public static string Neutralise(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
            return text;
        var safe = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (IsHarmless(rune))
                safe.Append(rune.ToString());
            else
                safe.Append(rune.Value <= 0xFFFF ? $"\\u{rune.Value:x4}" : $"\\U{rune.Value:x8}");
        }
        return safe.ToString();
    }

    private static bool IsHarmless(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );
}

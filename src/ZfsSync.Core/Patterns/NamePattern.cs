namespace ZfsSync.Core.Patterns;

/// <summary>
/// Globs over names: <c>*</c> is any run without a slash, <c>**</c> any run, <c>?</c> one character but a slash; every
/// other character is itself, case counts. The cost is bounded by the product of the lengths, whatever the pattern.
/// </summary>
public static class NamePattern
{
    /// <summary>Whether the whole of <paramref name="text"/> matches <paramref name="pattern"/>.</summary>
    public static bool IsMatch(string pattern, ReadOnlySpan<char> text)
    {
        Span<bool> reached = text.Length < 512 ? stackalloc bool[text.Length + 1] : new bool[text.Length + 1];
        reached.Clear();
        reached[0] = true;
        for (var p = 0; p < pattern.Length; p++)
        {
            if (pattern[p] != '*')
            {
                Advance(reached, text, pattern[p]);
                continue;
            }
            var crossesSlash = p + 1 < pattern.Length && pattern[p + 1] == '*';
            if (crossesSlash)
                p++;
            for (var i = 0; i < text.Length; i++)
                reached[i + 1] |= reached[i] && (crossesSlash || text[i] != '/');
        }
        return reached[text.Length];
    }

    /// <summary>Whether any of the patterns matches.</summary>
    public static bool IsAnyMatch(IReadOnlyList<string> patterns, ReadOnlySpan<char> text)
    {
        foreach (var pattern in patterns)
        {
            if (IsMatch(pattern, text))
                return true;
        }
        return false;
    }

    private static void Advance(Span<bool> reached, ReadOnlySpan<char> text, char wanted)
    {
        for (var i = text.Length; i > 0; i--)
            reached[i] = reached[i - 1] && (wanted == '?' ? text[i - 1] != '/' : text[i - 1] == wanted);
        reached[0] = false;
    }
}

using System.Buffers;

namespace ZfsSync.Core.Display;

/// <summary>
/// The one place where text becomes part of a POSIX sh command line: for the ssh hop, whose far end is always a shell,
/// and for the commands that people and scripts copy. What it returns is one word, whatever the text holds.
/// </summary>
public static class ShellQuoter
{
    // Without '=' (an assignment when it comes first), '~' and '%' (expanded at a word's start by some shells).
    private static readonly SearchValues<char> Plain = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@,+"
    );

    /// <summary>The text as one word: as it is when no shell finds anything in it, else in single quotes.</summary>
    /// <exception cref="ArgumentException">The text holds a NUL, which no argument can.</exception>
    public static string Quote(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("An argument cannot hold a NUL.", nameof(text));
        return text.Length > 0 && !text.AsSpan().ContainsAnyExcept(Plain)
            ? text
            : $"'{text.Replace("'", @"'\''", StringComparison.Ordinal)}'";
    }

    /// <summary>The words quoted one by one, with spaces between.</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));
}

using Spectre.Console;

namespace ZfsSync.Cli.Output;

/// <summary>Colours by meaning, of the sixteen that every terminal has and every theme keeps readable.</summary>
internal static class Palette
{
    public static Style Style(Tone tone) =>
        tone switch
        {
            Tone.Heading => new Style(decoration: Decoration.Bold),
            Tone.Good => new Style(Color.Green),
            Tone.Busy => new Style(Color.Teal),
            Tone.Warning => new Style(Color.Olive),
            Tone.Bad => new Style(Color.Maroon, decoration: Decoration.Bold),
            Tone.Dim => new Style(decoration: Decoration.Dim),
            _ => Spectre.Console.Style.Plain,
        };
}

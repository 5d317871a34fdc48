using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Spectre.Console.Rendering;
using ZfsSync.Contracts.Json;

namespace ZfsSync.Cli.Output;

/// <summary>
/// What a command says. Data and answers go to standard output, everything about the way there to standard error. With
/// JSON asked for, standard output gets nothing else.
/// </summary>
internal sealed class Screen(Surroundings surroundings, bool json)
{
    /// <summary>Wide enough for any line: a pipe has no edge to wrap at.</summary>
    private const int Unbounded = 100_000;

    private static readonly WireJson Indented = new(
        new JsonSerializerOptions(WireJson.Default.Options) { WriteIndented = true }
    );

    public bool IsJson => json;

    /// <summary>Colours are for a terminal that can, and a person who did not say NO_COLOR.</summary>
    public bool HasColour =>
        surroundings.IsOutTerminal
        && surroundings.Variable("NO_COLOR") is null
        && surroundings.Variable("TERM") is not "dumb";

    /// <summary>Whether lines may be painted over: a live display.</summary>
    public bool IsLive => surroundings.IsOutTerminal && surroundings.Variable("TERM") is not "dumb" && !json;

    /// <summary>A line for people; nothing with JSON.</summary>
    public void Line(string text = "", Tone tone = Tone.Plain)
    {
        if (json)
            return;
        if (tone == Tone.Plain || !HasColour)
            surroundings.Out.WriteLine(SafeText.Neutralise(text));
        else
            surroundings.Out.Write(
                Rendered(new Text(SafeText.Neutralise(text) + "\n", Palette.Style(tone)), Unbounded)
            );
    }

    /// <summary>A line about the way there, for standard error.</summary>
    public void Note(string text) => surroundings.Error.WriteLine(SafeText.Neutralise(text));

    /// <summary>A table for people; nothing with JSON.</summary>
    public void Table(Grid grid)
    {
        if (json)
            return;
        var text = Rendered(grid.ToTable(), surroundings.WidthColumns ?? Unbounded);
        foreach (var line in text.TrimEnd('\n').Split('\n'))
            surroundings.Out.WriteLine(line.TrimEnd());
    }

    /// <summary>The data, as the API has it; nothing without JSON.</summary>
    public void Data<T>(T value, Func<WireJson, JsonTypeInfo<T>> type)
    {
        if (json)
            surroundings.Out.WriteLine(JsonSerializer.Serialize(value, type(Indented)));
    }

    /// <summary>Data put together of several answers.</summary>
    public void Data(JsonObject value)
    {
        if (json)
            surroundings.Out.WriteLine(value.ToJsonString(Indented.Options));
    }

    /// <summary>A console for a live display.</summary>
    public IAnsiConsole LiveConsole() => Console(surroundings.Out, surroundings.WidthColumns ?? 80, isLive: true);

    private string Rendered(IRenderable what, int width)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        Console(writer, width, isLive: false).Write(what);
        return writer.ToString();
    }

    private IAnsiConsole Console(TextWriter writer, int width, bool isLive)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = HasColour || isLive ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = HasColour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
                Interactive = isLive ? InteractionSupport.Yes : InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
                Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            }
        );
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = false;
        return console;
    }
}

namespace ZfsSync.Cli.Output;

/// <summary>What a text means; its colour follows. Colour is never the only sign.</summary>
internal enum Tone
{
    Plain,
    Heading,
    Good,
    Busy,
    Warning,
    Bad,
    Dim,
}

namespace ZfsSync.Core.Display;

/// <summary>Lengths of time for people: one unit, at most one decimal (<c>1.5 h</c>).</summary>
public static class Duration
{
    /// <summary>The length in the largest unit of which there are at least two, down to whole seconds; a negative one is <c>0 s</c>.</summary>
    public static string InWords(TimeSpan span) =>
        span.TotalDays >= 2 ? $"{span.TotalDays:0.#} days"
        : span.TotalHours >= 2 ? $"{span.TotalHours:0.#} h"
        : span.TotalMinutes >= 2 ? $"{span.TotalMinutes:0.#} min"
        : $"{Math.Max(0, span.TotalSeconds):0} s";
}

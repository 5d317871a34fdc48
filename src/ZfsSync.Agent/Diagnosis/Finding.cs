namespace ZfsSync.Agent.Diagnosis;

/// <summary>One thing that the doctor looked at.</summary>
/// <param name="Level">How it is.</param>
/// <param name="Subject">What was looked at, in a word or two.</param>
/// <param name="Text">What was found, in one sentence.</param>
/// <param name="Remedy">What to do about it: a command to run, or a sentence; null when nothing is to be done.</param>
public sealed record Finding(FindingLevel Level, string Subject, string Text, string? Remedy = null)
{
    internal static Finding Ok(string subject, string text) => new(FindingLevel.Ok, subject, text);

    internal static Finding Warn(string subject, string text, string remedy) =>
        new(FindingLevel.Warn, subject, text, remedy);

    internal static Finding Fail(string subject, string text, string remedy) =>
        new(FindingLevel.Fail, subject, text, remedy);
}

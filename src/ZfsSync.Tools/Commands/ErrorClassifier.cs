namespace ZfsSync.Tools.Commands;

/// <summary>
/// Tells from a tool's standard error what its failure means. The texts are those of OpenZFS 2.1 to 2.4 on Linux and
/// FreeBSD, of OpenSSH and of POSIX shells, in the C locale.
/// </summary>
public static class ErrorClassifier
{
    private const int SshFailed = 255;
    private const int ShellFoundNoProgram = 127;

    /// <summary>The meaning of <paramref name="errorText"/>; <see cref="ToolErrorKind.Unknown"/> when no text is known.</summary>
    public static ToolErrorKind Classify(string errorText)
    {
        if (IsBusyReceive(errorText))
            return ToolErrorKind.Partial;
        foreach (var (kind, texts) in ErrorTexts.FromTellingToGeneric)
        {
            if (Array.Exists(texts, text => errorText.Contains(text, StringComparison.Ordinal)))
                return kind;
        }
        return ToolErrorKind.Unknown;
    }

    /// <summary>The same, knowing what ran where and how it ended: ssh's own failures and missing programs.</summary>
    public static ToolErrorKind Classify(string errorText, Command command, int exitCode)
    {
        if (command.On is not null && exitCode == SshFailed && IsFromSsh(errorText))
            return ToolErrorKind.Unreachable;
        if (exitCode == ShellFoundNoProgram)
            return ToolErrorKind.NotInstalled;
        return Classify(errorText);
    }

    /// <summary>
    /// ssh ends with 255 when it fails itself; a remote program that ends with 255 leaves a text of its own, which then
    /// means more. ssh says <c>Permission denied (publickey)</c>: that is no permission of ZFS.
    /// </summary>
    private static bool IsFromSsh(string errorText) =>
        Array.Exists(ErrorTexts.OfSsh, text => errorText.Contains(text, StringComparison.Ordinal))
        || Classify(errorText) is ToolErrorKind.Unknown or ToolErrorKind.StreamBroken;

    /// <summary>
    /// Before its texts were united, FreeBSD said only <c>dataset is busy</c> when a partial receive was in the way. Where
    /// another receive runs, the same words come: the target must be read again before anything is aborted.
    /// </summary>
    private static bool IsBusyReceive(string errorText) =>
        errorText.Contains("cannot receive", StringComparison.Ordinal)
        && errorText.Contains("dataset is busy", StringComparison.Ordinal);
}

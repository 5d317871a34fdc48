using System.Buffers;
using ZfsSync.Tools.Commands;

namespace ZfsSync.Tools.Ssh;

/// <summary>What may be handed to ssh. Parts of a target come from the network: none may be read as an option or be expanded.</summary>
public static class SshTargetRules
{
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.:%"
    );

    private static readonly SearchValues<char> UserCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.@+$\\"
    );

    /// <summary>What is wrong with the target, as a sentence, or null.</summary>
    public static string? Fault(SshTarget target) =>
        NameFault(target.Host, "host name", HostCharacters)
        ?? (target.User is null ? null : NameFault(target.User, "user name", UserCharacters))
        ?? (
            target.Port is < 1 or > 65535 ? $"The ssh port {target.Port} is not between 1 and 65535."
            : target.HostKeyPolicy is not (null or "yes" or "accept-new" or "no")
                ? $"The ssh host key policy '{target.HostKeyPolicy}' is not yes, accept-new or no."
            : FileFault(target.KeyFile, "key file") ?? FileFault(target.KnownHostsFile, "known-hosts file")
        );

    internal static void ThrowIfUnsafe(SshTarget target)
    {
        if (Fault(target) is { } fault)
            throw new ArgumentException(fault, nameof(target));
    }

    private static string? NameFault(string name, string what, SearchValues<char> allowed) =>
        name.Length is 0 or > 255 ? $"The ssh {what} is empty or longer than 255 characters."
        : name[0] == '-' ? $"The ssh {what} '{name}' starts with a dash."
        : name.AsSpan().IndexOfAnyExcept(allowed) is >= 0 and var at
            ? $"The ssh {what} '{name}' holds the character U+{(int)name[at]:X4}, which none has."
        : null;

    /// <summary>ssh expands variables (<c>${NAME}</c>) and ends words at quotes and line breaks.</summary>
    private static string? FileFault(string? path, string what) =>
        path is null ? null
        : path.Length == 0 || path[0] == '-' ? $"The ssh {what} '{path}' is empty or starts with a dash."
        : path.Any(c => char.IsControl(c) || c is '"' or '$' or '\\')
            ? $"The name of the ssh {what} holds a quote, a dollar sign, a backslash or a control character."
        : null;
}

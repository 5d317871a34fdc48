using System.Buffers;

namespace ZfsSync.Core.Snapshots;

/// <summary>
/// The naming rules of ZFS (zfs_namecheck.c): components of letters, digits, <c>- _ . :</c> and space; fewer than
/// 256 bytes in all; no empty component, none that is <c>.</c> or <c>..</c>; a pool starts with a letter.
/// A name that passes can be handed to zfs as one argument: it never starts with a dash and holds no control character.
/// </summary>
public static class NameRules
{
    /// <summary>The longest whole name, snapshot label included, in bytes.</summary>
    public const int MaxBytes = 255;

    private static readonly SearchValues<char> Allowed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.: "
    );

    /// <summary>Why <paramref name="name"/> is not a dataset's name, as the end of a sentence, or null when it is one.</summary>
    public static string? DatasetFault(string name)
    {
        if (name.Length == 0)
            return "is empty";
        if (name.Length > MaxBytes)
            return $"has {name.Length} characters; ZFS allows {MaxBytes}";
        if (!char.IsAsciiLetter(name[0]))
            return "does not start with a letter, as a pool's name must";
        var start = 0;
        for (var i = 0; i <= name.Length; i++)
        {
            if (i < name.Length && name[i] != '/')
            {
                if (!IsAllowed(name[i]))
                    return $"holds {Describe(name[i])}, which ZFS does not allow";
                continue;
            }
            var component = name.AsSpan(start, i - start);
            if (component.IsEmpty)
                return "has an empty component ('/' at an end, or two in a row)";
            if (component is "." or "..")
                return $"has a component '{component}'";
            start = i + 1;
        }
        return null;
    }

    /// <summary>Why <paramref name="label"/> is not the part after <c>@</c> or <c>#</c>, or null when it can be.</summary>
    public static string? LabelFault(string label)
    {
        if (label.Length == 0)
            return "is empty";
        if (label.Length > MaxBytes)
            return $"has {label.Length} characters; ZFS allows {MaxBytes} with the dataset's name";
        var wrong = label.AsSpan().IndexOfAnyExcept(Allowed);
        return wrong < 0 ? null : $"holds {Describe(label[wrong])}, which ZFS does not allow";
    }

    private static bool IsAllowed(char c) => Allowed.Contains(c);

    private static string Describe(char c) =>
        char.IsControl(c) || c > '~' ? $"the character U+{(int)c:X4}" : $"the character '{c}'";
}

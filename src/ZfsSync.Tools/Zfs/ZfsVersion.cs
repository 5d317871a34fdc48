using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ZfsSync.Tools.Zfs;

/// <summary>The first two numbers of an OpenZFS release; what commands and properties exist depends on nothing finer.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ZfsVersion(int Major, int Minor) : IComparable<ZfsVersion>
{
    /// <summary>
    /// Reads <c>2.1.11-1+deb12u1</c>, <c>2.2.4-FreeBSD_g256659204</c> or <c>2.4</c>. A development build such as
    /// <c>2.1.99-1234</c> counts as the release before it, so that nothing is expected of it too early.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out ZfsVersion version)
    {
        version = default;
        var parts = (text ?? "").Split('.', 3);
        if (parts.Length < 2)
            return false;
        var digits = parts[1].AsSpan();
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        if (
            !int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(
                end < 0 ? digits : digits[..end],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var minor
            )
        )
            return false;
        version = new ZfsVersion(major, minor);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(ZfsVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    /// <summary>Whether this release is <paramref name="major"/>.<paramref name="minor"/> or later.</summary>
    public bool IsAtLeast(int major, int minor) => CompareTo(new ZfsVersion(major, minor)) >= 0;

    /// <summary><c>2.2</c>.</summary>
    public override string ToString() => $"{Major}.{Minor}";
}

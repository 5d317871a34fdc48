using System.Globalization;

namespace ZfsSync.Core.Snapshots;

/// <summary>
/// The identity of a snapshot or bookmark: the unsigned 64-bit number that ZFS gives it at creation and that
/// send and receive preserve. Two snapshots are the same data exactly when their guids are equal.
/// Zero stands for "not reported" (a host that sends names and times only); ZFS itself never gives zero.
/// </summary>
public readonly record struct SnapshotGuid(ulong Value) : IComparable<SnapshotGuid>
{
    /// <summary>The guid of a snapshot whose host reports none.</summary>
    public static readonly SnapshotGuid Unknown;

    /// <summary>Whether the host reported no guid.</summary>
    public bool IsUnknown => Value == 0;

    /// <summary>Reads a decimal number from 1 to 2^64-1, without sign, spaces or separators.</summary>
    public static bool TryParse(string? text, out SnapshotGuid guid)
    {
        var parsed = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value != 0;
        guid = parsed ? new SnapshotGuid(value) : Unknown;
        return parsed;
    }

    /// <summary>Like <see cref="TryParse"/>, for text that must be right.</summary>
    /// <exception cref="FormatException">The text is not a decimal number from 1 to 2^64-1.</exception>
    public static SnapshotGuid Parse(string text) =>
        TryParse(text, out var guid)
            ? guid
            : throw new FormatException($"'{text}' is not a snapshot guid: a decimal number from 1 to 2^64-1.");

    /// <inheritdoc/>
    public int CompareTo(SnapshotGuid other) => Value.CompareTo(other.Value);

    /// <summary>The decimal form, as zfs prints it and as the wire carries it.</summary>
    public override string ToString() => Value.ToString(CultureInfo.InvariantCulture);
}

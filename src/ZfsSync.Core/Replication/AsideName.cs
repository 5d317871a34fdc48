using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>
/// The name of a copy that was put aside (<see cref="RepairKind.ReceiveBeside"/>): <c>NAME-aside-</c> and eight
/// hexadecimal digits.
/// </summary>
public static class AsideName
{
    private const string Mark = "-aside-";
    private const int Digits = 8;

    /// <summary>Null where it would be too long.</summary>
    public static DatasetName? Of(DatasetName name, ulong mark) =>
        DatasetName.TryParse($"{name}{Mark}{mark % 0x1_0000_0000:x8}", out var aside) ? aside : null;

    /// <summary>Whether the dataset, or one above it, was put aside. It shares its source's history, and was not renamed by a user.</summary>
    /// <param name="name">A dataset's name, or its path below some other.</param>
    public static bool IsAside(string name)
    {
        foreach (var part in name.Split('/'))
        {
            var at = part.Length - Digits - Mark.Length;
            if (
                at > 0
                && string.CompareOrdinal(part, at, Mark, 0, Mark.Length) == 0
                && part.Skip(at + Mark.Length).All(char.IsAsciiHexDigitLower)
            )
                return true;
        }
        return false;
    }
}

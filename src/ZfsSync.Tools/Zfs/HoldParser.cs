using System.Globalization;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>Reads <see cref="ZfsCommands.Holds"/> and what hold and release say when there is nothing to do.</summary>
public static class HoldParser
{
    /// <summary>The holds; a time that is not in seconds (before 2.2) is left out.</summary>
    /// <exception cref="FormatException">A line is not what <c>zfs holds -H</c> prints.</exception>
    public static IReadOnlyList<SnapshotHold> Parse(string output)
    {
        var holds = new List<SnapshotHold>();
        foreach (var line in output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // A tag is any text, tabs included.
            var first = line.IndexOf('\t', StringComparison.Ordinal);
            var last = line.LastIndexOf('\t');
            if (first < 0 || last <= first)
                throw new FormatException($"The line '{line}' is not a hold.");
            if (!SnapshotName.TryParse(line[..first], out var snapshot))
                continue;
            DateTimeOffset? heldAt = long.TryParse(
                line[(last + 1)..],
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var seconds
            )
                ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                : null;
            holds.Add(new SnapshotHold(snapshot, line[(first + 1)..last], heldAt));
        }
        return holds;
    }

    /// <summary>Whether a line of <c>zfs hold</c> only says that the tag is there.</summary>
    public static bool IsHeldAlready(string line) =>
        line.EndsWith("tag already exists on this dataset", StringComparison.Ordinal);

    /// <summary>Whether a line of <c>zfs release</c> only says that the tag, or the snapshot, is not there.</summary>
    public static bool IsReleasedAlready(string line) =>
        line.EndsWith("no such tag on this dataset", StringComparison.Ordinal)
        || line.EndsWith("dataset does not exist", StringComparison.Ordinal);
}

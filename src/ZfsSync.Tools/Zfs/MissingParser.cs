using System.Diagnostics.CodeAnalysis;
using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>
/// Reads the harmless part of a listing's standard error: something that was asked for is gone. zfs tells about the
/// others all the same.
/// </summary>
public static class MissingParser
{
    /// <summary>Whether a line says that something does not exist, and what.</summary>
    public static bool TryParse(string line, [NotNullWhen(true)] out string? name)
    {
        name = null;
        if (
            !line.StartsWith("cannot ", StringComparison.Ordinal)
            && !line.StartsWith("bookmark ", StringComparison.Ordinal)
        )
            return false;
        if (!line.TrimEnd('.').EndsWith("does not exist", StringComparison.Ordinal))
            return false;
        var open = line.IndexOf('\'', StringComparison.Ordinal);
        var close = line.LastIndexOf('\'');
        if (open < 0 || close <= open)
            return false;
        name = line[(open + 1)..close];
        return true;
    }

    internal static IReadOnlyList<DatasetName> Names(IEnumerable<string> missing) =>
        [
            .. missing
                .Select(text => DatasetName.TryParse(text, out var name) ? name : null)
                .OfType<DatasetName>()
                .Distinct(),
        ];
}

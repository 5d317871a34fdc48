using System.Diagnostics.CodeAnalysis;

namespace ZfsSync.Tools.Zfs;

/// <summary>Reads <see cref="ZfsCommands.Version"/>: <c>zfs-2.3.2-1</c>, then <c>zfs-kmod-2.3.2-1</c>.</summary>
public static class VersionParser
{
    private const string KernelPrefix = "zfs-kmod-";
    private const string UserlandPrefix = "zfs-";

    /// <summary>Whether the output names at least the program's release.</summary>
    public static bool TryParse(string output, [NotNullWhen(true)] out ZfsFeatures? features)
    {
        features = null;
        var lines = output.Split('\n', StringSplitOptions.TrimEntries);
        var kernelText = Array
            .Find(lines, line => line.StartsWith(KernelPrefix, StringComparison.Ordinal))
            ?[KernelPrefix.Length..];
        var userlandText = Array
            .Find(
                lines,
                line =>
                    line.StartsWith(UserlandPrefix, StringComparison.Ordinal)
                    && !line.StartsWith(KernelPrefix, StringComparison.Ordinal)
            )
            ?[UserlandPrefix.Length..];
        if (!ZfsVersion.TryParse(userlandText, out var userland))
            return false;
        features = ZfsVersion.TryParse(kernelText, out var kernel)
            ? new ZfsFeatures(userland, kernel, userlandText, kernelText)
            : new ZfsFeatures(userland, null, userlandText, null);
        return true;
    }
}

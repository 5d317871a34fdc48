using System.Globalization;
using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary>Whether a property may be set to a value, in zfs's words.</summary>
internal static class PropertyCheck
{
    /// <summary>All of -o, checked for a new dataset.</summary>
    public static SortedDictionary<string, string> All(ZfsCall call, string action, ZfsOptions options, bool isVolume)
    {
        var checkedOnes = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in options.Values('o').Select(PropertyAssignment.Parse))
        {
            var (full, good) = One(call.Host.Release, action, name, value, isVolume, isNew: true);
            if (!checkedOnes.TryAdd(full, good))
                throw new ZfsFailure($"property '{name}' specified multiple times");
        }
        return checkedOnes;
    }

    /// <returns>The property's full name, and the value as zfs keeps it.</returns>
    public static (string Name, string Value) One(
        ZfsRelease release,
        string action,
        string name,
        string value,
        bool isVolume,
        bool isNew
    )
    {
        if (NativeProperties.Find(release, name) is not { } native)
        {
            return NativeProperties.IsUserProperty(name)
                ? (name, value)
                : throw new ZfsFailure($"{action}: invalid property '{name}'");
        }
        if (native.IsReadOnly || (native.IsSetOnce && !isNew))
            throw new ZfsFailure($"{action}: '{native.Name}' is readonly");
        if (!native.AppliesTo.HasFlag(isVolume ? AppliesTo.Volume : AppliesTo.Filesystem))
            throw new ZfsFailure($"{action}: '{native.Name}' does not apply to datasets of this type");
        if (native.Allowed.Count > 0 && !native.Allowed.Contains(value))
            throw new ZfsFailure($"{action}: '{native.Name}' must be one of '{string.Join(" | ", native.Allowed)}'");
        if (native.Name == "mountpoint" && value is not ("none" or "legacy") && !value.StartsWith('/'))
            throw new ZfsFailure($"{action}: 'mountpoint' must be an absolute path, 'none', or 'legacy'");
        return (native.Name, native.IsBytes ? Bytes(action, native.Name, value) : value);
    }

    private static string Bytes(string action, string name, string value)
    {
        try
        {
            return ZfsNumbers.Parse(value).ToString(CultureInfo.InvariantCulture);
        }
        catch (FormatException e)
        {
            throw new ZfsFailure($"{action}: {e.Message}");
        }
    }
}

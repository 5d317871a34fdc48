using System.Globalization;
using ZfsSync.Simulation.Model;

namespace ZfsSync.Simulation.Zfs;

/// <summary>One property that a list or get asks for: native, user, or <c>written@…</c>.</summary>
internal sealed class PropertyColumn
{
    private readonly NativeProperty? _native;

    private PropertyColumn(string name, NativeProperty? native)
    {
        Name = name;
        _native = native;
    }

    public string Name { get; }
    public string Header => _native?.Header ?? Name.ToUpperInvariant();
    public bool IsNative => _native is not null;
    public bool IsNumber => _native is { IsBytes: true } or { IsNumber: true };

    /// <summary>The column; null when there is no such property in this release.</summary>
    public static PropertyColumn? Find(ZfsRelease release, string name)
    {
        if (name == "name")
            return new PropertyColumn("name", null);
        if (NativeProperties.Find(release, name) is { } native)
            return new PropertyColumn(native.Name, native);
        return NativeProperties.IsUserProperty(name) || name.StartsWith("written@", StringComparison.Ordinal)
            ? new PropertyColumn(name, null)
            : null;
    }

    public bool AppliesTo(SimNode node) => _native?.Fits(node) ?? true;

    public PropertyReading Read(HostState host, SimNode node, bool isParsable)
    {
        if (Name == "name")
            return new(node.FullName, "-");
        if (Name.StartsWith("written@", StringComparison.Ordinal))
            return WrittenSince(node);
        var reading = _native is null ? PropertyValues.User(node, Name) : PropertyValues.Native(host, node, _native);
        return isParsable || _native is null ? reading : reading with { Value = ForPeople(reading.Value) };
    }

    private PropertyReading WrittenSince(SimNode node)
    {
        var snapshot = Name["written@".Length..];
        return node is SimDataset dataset && dataset.FindSnapshot(snapshot) is { } from
            ? new(SpaceUsage.WrittenSince(dataset, from).ToString(CultureInfo.InvariantCulture), "local")
            : PropertyReading.None;
    }

    private string ForPeople(string value)
    {
        if (Name is "compressratio" or "refcompressratio")
            return value + "x";
        if (!long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return value;
        if (Name is "creation" or "snapshots_changed")
            return DateTimeOffset
                .FromUnixTimeSeconds(number)
                .ToString("ddd MMM d H:mm yyyy", CultureInfo.InvariantCulture);
        if (Name is "quota" or "refquota" or "reservation" or "refreservation" && number == 0)
            return "none";
        return _native is { IsBytes: true } ? ZfsNumbers.Short(number) : value;
    }
}

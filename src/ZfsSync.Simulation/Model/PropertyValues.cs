using System.Globalization;

namespace ZfsSync.Simulation.Model;

/// <summary>A property of one dataset: its value and where it comes from.</summary>
/// <param name="Value">As -p prints it.</param>
/// <param name="Source">local, received, default, "inherited from NAME" or "-".</param>
internal readonly record struct PropertyReading(string Value, string Source)
{
    public static readonly PropertyReading None = new("-", "-");
}

/// <summary>Reads properties: what was set, what is inherited, and what is computed.</summary>
internal static class PropertyValues
{
    public static long RecordBytes(SimDataset dataset) =>
        Inherited(dataset, "recordsize") is { Value: var text } ? ZfsNumbers.Parse(text) : 131_072;

    public static PropertyReading User(SimNode node, string name)
    {
        if (node is SimBookmark)
            return PropertyReading.None;
        if (node is SimSnapshot snapshot && snapshot.Properties.TryGet(name, out var own, out var source))
            return new(own, source);
        return Inherited(node.Owner, name, isFromBelow: node is SimSnapshot) ?? PropertyReading.None;
    }

    /// <summary>The property as zfs prints it; <see cref="PropertyReading.None"/> where it does not apply.</summary>
    public static PropertyReading Native(HostState host, SimNode node, NativeProperty property)
    {
        if (!property.Fits(node))
            return PropertyReading.None;
        if (Computed(host, node, property.Name) is { } value)
            return new(value, "-");
        return property.Name switch
        {
            "mountpoint" => Mountpoint((SimDataset)node),
            "volsize" when !node.Owner.IsVolume => PropertyReading.None,
            "volsize" => new(
                Number(node is SimSnapshot snapshot ? snapshot.VolumeBytes : node.Owner.VolumeBytes),
                node is SimSnapshot ? "-" : "local"
            ),
            "encryption" or "keyformat" or "keylocation" or "pbkdf2iters" => Encryption(node, property),
            _ => Set(node, property),
        };
    }

    private static PropertyReading Set(SimNode node, NativeProperty property)
    {
        if (property.IsInheritable)
            return Inherited(node.Owner, property.Name, isFromBelow: node is SimSnapshot)
                ?? new(property.Default, "default");
        return node.Owner.Properties.TryGet(property.Name, out var value, out var source)
            ? new(value, source)
            : new(property.Default, "default");
    }

    private static PropertyReading? Inherited(SimDataset dataset, string name, bool isFromBelow = false)
    {
        foreach (var level in dataset.SelfAndAncestors)
        {
            if (level.Properties.TryGet(name, out var value, out var source))
                return new(value, level == dataset && !isFromBelow ? source : $"inherited from {level.FullName}");
        }
        return null;
    }

    private static PropertyReading Mountpoint(SimDataset dataset)
    {
        foreach (var level in dataset.SelfAndAncestors)
        {
            if (!level.Properties.TryGet("mountpoint", out var value, out var source))
                continue;
            if (level == dataset)
                return new(value, source);
            var below = dataset.FullName[level.FullName.Length..];
            var path = value is "none" or "legacy" ? value : value.TrimEnd('/') + below;
            return new(path, $"inherited from {level.FullName}");
        }
        return new("/" + dataset.FullName, "default");
    }

    private static PropertyReading Encryption(SimNode node, NativeProperty property)
    {
        var dataset = node.Owner;
        if (dataset.Encryption is not { } encryption)
            return new(property.Default, "default");
        var root = encryption.Root;
        return property.Name switch
        {
            "encryption" => new(encryption.Suite, "-"),
            "keyformat" => new(dataset.EncryptionRoot.Encryption!.Root!.Format, "-"),
            "keylocation" => root is null ? new("none", "default") : new(root.Location, "local"),
            _ => new(dataset.EncryptionRoot.Encryption!.Root!.Format == "passphrase" ? "350000" : "0", "-"),
        };
    }

    private static string? Computed(HostState host, SimNode node, string name) =>
        name switch
        {
            "type" => node.TypeName,
            "creation" => Number(node.Creation),
            "guid" => node.Guid.ToString(CultureInfo.InvariantCulture),
            "createtxg" => node.CreateTxg.ToString(CultureInfo.InvariantCulture),
            "referenced" or "logicalreferenced" => node is SimBookmark bookmark
                ? Number(SpaceUsage.EmptyBytes + bookmark.Files.Values.Sum(file => file.DiskBytes))
                : Number(SpaceUsage.ReferencedBytes(node)),
            "written" => Number(SpaceUsage.WrittenBytes(node)),
            "compressratio" or "refcompressratio" => "1.00",
            "encryptionroot" => node.Owner.Encryption is null ? "-" : node.Owner.EncryptionRoot.FullName,
            "keystatus" => node.Owner.Encryption is null ? "-"
            : node.Owner.IsKeyLoaded ? "available"
            : "unavailable",
            _ => node is SimSnapshot snapshot ? OfSnapshot(snapshot, name) : OfDataset(host, node.Owner, name),
        };

    private static string? OfSnapshot(SimSnapshot snapshot, string name) =>
        name switch
        {
            "used" => Number(SpaceUsage.ReclaimBytes([snapshot])),
            "userrefs" => Number(snapshot.HoldSecondsByTag.Count),
            "defer_destroy" => snapshot.IsDeferredDestroy ? "on" : "off",
            "clones" => snapshot.IsCloned ? string.Join(',', snapshot.CloneNames) : "-",
            _ => null,
        };

    private static string? OfDataset(HostState host, SimDataset dataset, string name) =>
        name switch
        {
            "used" or "logicalused" => Number(SpaceUsage.UsedBytes(dataset)),
            "available" => Number(dataset.Pool.FreeBytes),
            "usedbysnapshots" => Number(SpaceUsage.UsedBySnapshots(dataset)),
            "usedbydataset" => Number(SpaceUsage.ReferencedBytes(dataset)),
            "usedbychildren" => Number(SpaceUsage.UsedByChildren(dataset)),
            "usedbyrefreservation" => "0",
            "mounted" => dataset.IsMounted ? "yes" : "no",
            "origin" => dataset.Origin?.FullName ?? "-",
            "receive_resume_token" => dataset.Partial?.Token ?? "-",
            "snapshots_changed" => dataset.SnapshotsChangedMilliseconds == 0
                ? "-"
                : Number(dataset.SnapshotsChangedMilliseconds / 1000),
            _ => null,
        };

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

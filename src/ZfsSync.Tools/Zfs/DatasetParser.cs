using ZfsSync.Core.Snapshots;

namespace ZfsSync.Tools.Zfs;

/// <summary>Reads <see cref="ZfsCommands.Datasets"/>.</summary>
public static class DatasetParser
{
    /// <summary>The datasets by name, parents before children.</summary>
    /// <exception cref="FormatException">A line is not what <c>zfs get -Hp</c> prints.</exception>
    public static DatasetListing Parse(string output)
    {
        var datasets = new List<DatasetInventory>();
        var unreadable = new List<string>();
        var changedAt = new Dictionary<DatasetName, DateTimeOffset>();
        foreach (var ofObject in PropertyParser.Parse(output).GroupBy(value => value.Object))
        {
            if (!DatasetName.TryParse(ofObject.Key, out var name))
            {
                unreadable.Add(ofObject.Key);
                continue;
            }
            var values = ofObject.ToDictionary(value => value.Property);
            datasets.Add(Read(name, values));
            if (
                values.TryGetValue(ZfsCommands.SnapshotsChangedProperty, out var changed)
                && Rows.OptionalInstant(changed.Value, changed.Property) is { } at
            )
                changedAt.Add(name, at);
        }
        datasets.Sort((a, b) => a.Name.CompareTo(b.Name));
        return new DatasetListing(datasets, unreadable) { SnapshotsChangedAt = changedAt };
    }

    private static DatasetInventory Read(DatasetName name, Dictionary<string, PropertyValue> values)
    {
        return new DatasetInventory
        {
            Name = name,
            Kind = Text("type") == "volume" ? DatasetKind.Volume : DatasetKind.Filesystem,
            DatasetGuid = Number("guid"),
            Encryption = DatasetName.TryParse(Text("encryptionroot"), out var root)
                ? new DatasetEncryption(root, Text("keystatus") == "available")
                : null,
            Origin = SnapshotName.TryParse(Text("origin"), out var origin) ? origin : null,
            ReceiveResumeToken = Text("receive_resume_token"),
            WrittenBytes = Number("written"),
            UsedBytes = Number("used"),
            ReferencedBytes = Number("referenced"),
            AvailableBytes = Number("available"),
            IsPlaceholder =
                values.TryGetValue(ZfsCommands.PlaceholderProperty, out var mark)
                && mark is { IsLocal: true, Value: "on" },
        };

        string? Text(string property) =>
            values.TryGetValue(property, out var value) ? Rows.OptionalText(value.Value) : null;

        ulong? Number(string property) =>
            values.TryGetValue(property, out var value) ? Rows.OptionalNumber(value.Value, property) : null;
    }
}

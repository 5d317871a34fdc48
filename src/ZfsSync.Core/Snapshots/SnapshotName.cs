using System.Diagnostics.CodeAnalysis;

namespace ZfsSync.Core.Snapshots;

/// <summary>The full name of a snapshot, <c>tank/home@monday</c>, or of a bookmark, <c>tank/home#monday</c>. Always valid.</summary>
public sealed record SnapshotName
{
    private SnapshotName(DatasetName dataset, string label, bool isBookmark)
    {
        Dataset = dataset;
        Label = label;
        IsBookmark = isBookmark;
    }

    /// <summary>The dataset before the sign.</summary>
    public DatasetName Dataset { get; }

    /// <summary>The part after the sign.</summary>
    public string Label { get; }

    /// <summary>Whether the sign is <c>#</c>.</summary>
    public bool IsBookmark { get; }

    /// <summary>The name of a snapshot, or of a bookmark, from its parts.</summary>
    /// <exception cref="FormatException">The parts do not make a valid name.</exception>
    public static SnapshotName Of(DatasetName dataset, string label, bool isBookmark = false)
    {
        if (NameRules.LabelFault(label) is { } fault)
            throw new FormatException($"The {(isBookmark ? "bookmark" : "snapshot")} name '{label}' {fault}.");
        if (dataset.Value.Length + 1 + label.Length > NameRules.MaxBytes)
            throw new FormatException(
                $"The name '{dataset}@{label}' has {dataset.Value.Length + 1 + label.Length} characters; ZFS allows {NameRules.MaxBytes}."
            );
        return new SnapshotName(dataset, label, isBookmark);
    }

    /// <summary>Reads <c>dataset@label</c> or <c>dataset#label</c>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out SnapshotName? name)
    {
        name = null;
        if (
            text is null
            || text.Length > NameRules.MaxBytes
            || text.AsSpan().IndexOfAny('@', '#') is not (> 0 and var sign)
        )
            return false;
        if (
            !DatasetName.TryParse(text[..sign], out var dataset) || NameRules.LabelFault(text[(sign + 1)..]) is not null
        )
            return false;
        name = new SnapshotName(dataset, text[(sign + 1)..], text[sign] == '#');
        return true;
    }

    /// <summary>Like <see cref="TryParse"/>, for text that must be right.</summary>
    /// <exception cref="FormatException">The text is not a snapshot's or bookmark's name.</exception>
    public static SnapshotName Parse(string text) =>
        TryParse(text, out var name)
            ? name
            : throw new FormatException(
                $"'{text}' is not a snapshot's name (dataset@name) or a bookmark's (dataset#name)."
            );

    /// <summary>The full name, as zfs takes it.</summary>
    public override string ToString() => $"{Dataset}{(IsBookmark ? '#' : '@')}{Label}";
}

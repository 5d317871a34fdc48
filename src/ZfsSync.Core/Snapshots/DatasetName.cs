using System.Diagnostics.CodeAnalysis;

namespace ZfsSync.Core.Snapshots;

/// <summary>The full name of a file system or volume, pool first: <c>tank/home/ann</c>. Always valid (<see cref="NameRules"/>).</summary>
public sealed record DatasetName : IComparable<DatasetName>
{
    private DatasetName(string value) => Value = value;

    /// <summary>The name as zfs takes and prints it.</summary>
    public string Value { get; }

    /// <summary>The pool: everything before the first slash.</summary>
    public string Pool => Value.IndexOf('/') is var slash and >= 0 ? Value[..slash] : Value;

    /// <summary>The dataset one level up, or null for a pool's root dataset.</summary>
    public DatasetName? Parent => Value.LastIndexOf('/') is var slash and >= 0 ? new DatasetName(Value[..slash]) : null;

    /// <summary>How many levels below its pool: 0 for the pool's root dataset.</summary>
    public int Depth => Value.Count(c => c == '/');

    /// <summary>Reads a name that passes <see cref="NameRules.DatasetFault"/>.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out DatasetName? name)
    {
        name = text is not null && NameRules.DatasetFault(text) is null ? new DatasetName(text) : null;
        return name is not null;
    }

    /// <summary>Like <see cref="TryParse"/>, for text that must be right.</summary>
    /// <exception cref="FormatException">The text is not a dataset's name; the message says why.</exception>
    public static DatasetName Parse(string text) =>
        NameRules.DatasetFault(text) is { } fault
            ? throw new FormatException($"The dataset name '{text}' {fault}.")
            : new DatasetName(text);

    /// <summary>Whether this is <paramref name="root"/> itself or somewhere below it.</summary>
    public bool IsAtOrBelow(DatasetName root) =>
        Value.StartsWith(root.Value, StringComparison.Ordinal)
        && (Value.Length == root.Value.Length || Value[root.Value.Length] == '/');

    /// <summary>
    /// The path below <paramref name="root"/>, empty for the root itself: the logical name that a dataset shares with
    /// its copies under other roots. Null when this is not at or below the root.
    /// </summary>
    public string? RelativeTo(DatasetName root) =>
        !IsAtOrBelow(root) ? null
        : Value.Length == root.Value.Length ? ""
        : Value[(root.Value.Length + 1)..];

    /// <summary>The dataset at <paramref name="path"/> below this one; an empty path is this one.</summary>
    /// <exception cref="FormatException">The result is not a valid name, for instance too long.</exception>
    public DatasetName Append(string path) => path.Length == 0 ? this : Parse($"{Value}/{path}");

    /// <inheritdoc/>
    public int CompareTo(DatasetName? other) => string.CompareOrdinal(Value, other?.Value);

    /// <summary>The name itself.</summary>
    public override string ToString() => Value;
}

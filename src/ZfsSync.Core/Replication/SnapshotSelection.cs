using ZfsSync.Core.Patterns;

namespace ZfsSync.Core.Replication;

/// <summary>
/// Which snapshots may arrive on a target, by the label after <c>@</c>. Patterns are globs (<see cref="NamePattern"/>);
/// an exclusion wins. A snapshot that is not selected can still be the base of an increment.
/// </summary>
/// <param name="Include">At least one must match; empty means all.</param>
/// <param name="Exclude">None may match.</param>
public sealed record SnapshotSelection(IReadOnlyList<string> Include, IReadOnlyList<string> Exclude)
{
    /// <summary>Every snapshot.</summary>
    public static readonly SnapshotSelection All = new([], []);

    /// <summary>Whether a snapshot with this label may arrive.</summary>
    public bool Wants(string label) =>
        (Include.Count == 0 || NamePattern.IsAnyMatch(Include, label)) && !NamePattern.IsAnyMatch(Exclude, label);
}

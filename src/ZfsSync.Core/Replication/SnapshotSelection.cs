namespace ZfsSync.Core.Replication;

/// <summary>Which snapshots may arrive on a target, by the label after <c>@</c>. Patterns are globs: <c>*</c> and <c>?</c>; an exclusion wins.</summary>
/// <param name="Include">At least one must match; empty means all.</param>
/// <param name="Exclude">None may match.</param>
public sealed record SnapshotSelection(IReadOnlyList<string> Include, IReadOnlyList<string> Exclude)
{
    /// <summary>Every snapshot.</summary>
    public static readonly SnapshotSelection All = new([], []);
}

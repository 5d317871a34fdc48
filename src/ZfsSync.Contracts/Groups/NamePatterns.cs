namespace ZfsSync.Contracts.Groups;

/// <summary>Globs (<c>*</c>, <c>?</c>; for datasets <c>*</c> stops at a slash and <c>**</c> does not). An exclusion wins.</summary>
/// <param name="Include">At least one must match; empty means all.</param>
/// <param name="Exclude">None may match.</param>
public sealed record NamePatterns(IReadOnlyList<string>? Include = null, IReadOnlyList<string>? Exclude = null);

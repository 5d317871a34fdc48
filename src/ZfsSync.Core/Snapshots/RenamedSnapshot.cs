namespace ZfsSync.Core.Snapshots;

/// <summary>A snapshot that has another label than before.</summary>
/// <param name="Snapshot">As it is now.</param>
/// <param name="FormerLabel">What it was called.</param>
public sealed record RenamedSnapshot(Snapshot Snapshot, string FormerLabel);

using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>A person's consent to one repair of one edge. It is bound to guids and it expires, so it never covers more than was seen.</summary>
/// <param name="Kind">The approved option.</param>
/// <param name="Destroys">The snapshots that may be lost; the repair must destroy no other.</param>
/// <param name="ExpiresAt">From then on it is void.</param>
public sealed record Approval(RepairKind Kind, IReadOnlySet<SnapshotGuid> Destroys, DateTimeOffset ExpiresAt);

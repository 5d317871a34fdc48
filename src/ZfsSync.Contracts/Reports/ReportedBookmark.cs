using ZfsSync.Core.Snapshots;

namespace ZfsSync.Contracts.Reports;

/// <summary>A bookmark in a report.</summary>
/// <param name="Guid">The guid of the snapshot it was made from.</param>
/// <param name="Name">The part after <c>#</c>.</param>
/// <param name="Createtxg">Of the snapshot it was made from.</param>
public sealed record ReportedBookmark(SnapshotGuid Guid, string Name, ulong Createtxg);

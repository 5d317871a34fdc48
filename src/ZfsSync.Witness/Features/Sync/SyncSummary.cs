using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Groups;
using ZfsSync.Contracts.Sync;
using ZfsSync.Core.Replication;
using ZfsSync.Witness.Features.Edges;
using ZfsSync.Witness.Features.Planning;
using ZfsSync.Witness.Storage;

namespace ZfsSync.Witness.Features.Sync;

/// <summary>A group's edges counted and laid out as the older dialects expect them. Pure.</summary>
internal static class SyncSummary
{
    public static GroupStatus Status(Guid groupId, IReadOnlyList<EdgeTally> tallies)
    {
        var states = tallies.GroupBy(t => t.State).ToDictionary(g => g.Key, g => g.Sum(t => t.Count));
        return new GroupStatus
        {
            SyncGroupId = groupId,
            TotalStates = tallies.Sum(t => t.Count),
            StatusBreakdown = states.ToDictionary(
                s => EnumText<EdgeState>.Of(s.Key),
                s => s.Value,
                StringComparer.Ordinal
            ),
            InSyncCount = states.GetValueOrDefault(EdgeState.InSync),
            OutOfSyncCount = states.GetValueOrDefault(EdgeState.OutOfSync),
            SyncingCount = states.GetValueOrDefault(EdgeState.Syncing),
            ConflictCount = states.GetValueOrDefault(EdgeState.Conflict),
            ErrorCount = states.GetValueOrDefault(EdgeState.Error),
            LastUpdated = tallies.Max(t => t.LastDecided),
            WorstLagSeconds = tallies.Max(t => t.WorstLagSeconds),
        };
    }

    public static IReadOnlyList<SyncMismatch> Mismatches(IReadOnlyList<EdgeSnapshot> edges) =>
        [.. edges.Where(e => e.Edge.LagSnapshots > 0).Select(Mismatch)];

    /// <summary>These edges, dataset by dataset. The totals are the database's to say.</summary>
    public static GroupAnalysis Analysis(
        GroupResource group,
        IReadOnlyDictionary<Guid, string> hostnames,
        IReadOnlyList<EdgeSnapshot> edges
    ) =>
        new()
        {
            SyncGroupId = group.Id,
            SyncGroupName = group.Name,
            Enabled = group.Enabled,
            Directional = group.Directional,
            HubSystemId = group.HubSystemId,
            Systems =
            [
                .. group.SystemIds.Select(id => new AnalysedSystem
                {
                    SystemId = id,
                    Hostname = hostnames.GetValueOrDefault(id) ?? "",
                }),
            ],
            Datasets =
            [
                .. edges
                    .GroupBy(e => e.Edge.LogicalDataset)
                    .OrderBy(g => g.Key, StringComparer.Ordinal)
                    .Select(g => Dataset([.. g])),
            ],
        };

    /// <summary>A reason code, a conflict kind, or <c>in_sync</c>; null when something is to be sent now.</summary>
    public static string? ReasonOf(EdgeResource edge) =>
        edge.Reason is { } reason ? EnumText<ReasonCode>.Of(reason)
        : edge.Conflict is { } conflict ? EnumText<ConflictKind>.Of(conflict)
        : edge.State == EdgeState.InSync ? EnumText<EdgeState>.Of(EdgeState.InSync)
        : null;

    public static string NameOf(EdgeResource edge) =>
        edge.LogicalDataset.Length > 0 ? edge.LogicalDataset : edge.Source.Dataset;

    private static AnalysedDataset Dataset(IReadOnlyList<EdgeSnapshot> edges) =>
        new()
        {
            DatasetName = NameOf(edges[0].Edge),
            Systems =
            [
                .. edges
                    .SelectMany(e => new[] { Side(e.Edge.Source, e.Source), Side(e.Edge.Target, e.Target) })
                    .DistinctBy(s => (s.SystemId, s.Dataset)),
            ],
            SyncStatus =
                edges.All(e => e.Edge.State == EdgeState.InSync) ? "in_sync"
                : edges.All(e => e.Edge.Reason is ReasonCode.NoSourceSnapshots or ReasonCode.NoSelectedSnapshots)
                    ? "no_snapshots"
                : "out_of_sync",
            Mismatches = Mismatches(edges),
        };

    private static AnalysedSystem Side(EdgeSide side, HistoryEnd? end) =>
        new()
        {
            SystemId = side.SystemId,
            Hostname = side.Hostname,
            Pool = side.Dataset.Split('/')[0],
            Dataset = side.Dataset,
            SnapshotCount = end?.Count ?? 0,
            LastSnapshot = end?.Newest,
        };

    private static SyncMismatch Mismatch(EdgeSnapshot snapshot) =>
        new()
        {
            SyncGroupId = snapshot.Edge.SyncGroupId,
            EdgeId = snapshot.Edge.EdgeId,
            Dataset = NameOf(snapshot.Edge),
            TargetSystemId = snapshot.Edge.Target.SystemId,
            MissingSnapshot = snapshot.Edge.Steps is [.., var last] ? last.ToName : snapshot.Source?.Newest,
            MissingCount = snapshot.Edge.LagSnapshots,
            SourceSystemIds = [snapshot.Edge.Source.SystemId],
            HubLatestSnapshot = snapshot.Source?.Newest,
            HubLatestTimestamp = snapshot.Source?.NewestAt,
            TargetLatestSnapshot = snapshot.Target?.Newest,
            TargetLatestTimestamp = snapshot.Target?.NewestAt,
            Reason = ReasonOf(snapshot.Edge),
        };
}

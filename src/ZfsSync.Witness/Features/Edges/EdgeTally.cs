using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Replication;

namespace ZfsSync.Witness.Features.Edges;

/// <summary>How many edges of a group are in one state for one reason: what summaries are made of, however many edges there are.</summary>
public sealed record EdgeTally
{
    public required Guid GroupId { get; init; }
    public required EdgeState State { get; init; }
    public ReasonCode? Reason { get; init; }
    public required int Count { get; init; }

    /// <summary>The creation of the oldest snapshot that is the newest proven one of an edge.</summary>
    public DateTimeOffset? OldestProven { get; init; }

    public DateTimeOffset? LastDecided { get; init; }

    public long? WorstLagSeconds { get; init; }

    /// <summary>How many of them are late.</summary>
    public int Late { get; init; }

    /// <summary>Whether these are no copies at all: their source has nothing that is wanted.</summary>
    public bool HasNothingToSend =>
        State == EdgeState.OutOfSync && Reason is ReasonCode.NoSourceSnapshots or ReasonCode.NoSelectedSnapshots;

    /// <summary>Counts edges that are all at hand.</summary>
    public static IReadOnlyList<EdgeTally> Of(IEnumerable<EdgeResource> edges, DateTimeOffset now) =>
        [
            .. edges
                .GroupBy(e => (e.SyncGroupId, e.State, e.Reason))
                .Select(g => new EdgeTally
                {
                    GroupId = g.Key.SyncGroupId,
                    State = g.Key.State,
                    Reason = g.Key.Reason,
                    Count = g.Count(),
                    OldestProven = g.Min(e => e.ProvenCreatedAt),
                    LastDecided = g.Max(e => e.DecidedAt),
                    WorstLagSeconds = g.Max(e => e.LagSeconds),
                    Late = g.Count(e => e.IsLate(now)),
                }),
        ];
}

using System.Globalization;
using ZfsSync.Contracts.Edges;
using ZfsSync.Contracts.Sync;

namespace ZfsSync.Witness.Features.Sync;

/// <summary>An edge as a state of the older dialects: what is proven, and beside it what was claimed. Pure.</summary>
internal static class StateRules
{
    public static StateResource Of(EdgeResource edge, ClaimedState? claim) =>
        new()
        {
            Id = IdOf(edge.EdgeId),
            SyncGroupId = edge.SyncGroupId,
            Dataset = SyncSummary.NameOf(edge),
            SystemId = edge.Target.SystemId,
            EdgeId = edge.EdgeId,
            Status = Status(edge.State, claim?.Status),
            Claimed = claim?.Status,
            LastSync = edge.LastInSyncAt,
            LastCheck = claim?.ClaimedAt > edge.DecidedAt ? claim.ClaimedAt : edge.DecidedAt,
            ErrorMessage = edge.LastError ?? claim?.ErrorMessage,
        };

    /// <summary>The id of an edge's state: its sixteen digits in the form of a UUID.</summary>
    public static Guid IdOf(string edgeId) => new($"00000000-0000-0000-{edgeId[..4]}-{edgeId[4..]}");

    public static string? EdgeIdOf(Guid stateId)
    {
        var text = stateId.ToString("N", CultureInfo.InvariantCulture);
        return text.StartsWith("0000000000000000", StringComparison.Ordinal) ? text[16..] : null;
    }

    /// <summary>An inventory decides. Where it does not show what was claimed to be in sync, the claim is unproven; a claimed failure is believed.</summary>
    private static EdgeState Status(EdgeState shown, EdgeState? claimed) =>
        shown is not (EdgeState.OutOfSync or EdgeState.Syncing or EdgeState.Error) ? shown
        : claimed == EdgeState.InSync ? EdgeState.Unproven
        : claimed is EdgeState.Error or EdgeState.Syncing && shown == EdgeState.OutOfSync ? claimed.Value
        : shown;
}

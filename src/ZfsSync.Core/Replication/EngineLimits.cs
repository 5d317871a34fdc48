using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Replication;

/// <summary>
/// What syncoid 2.1 to 2.3 would do other than decided: it chooses snapshots itself, by name and by time, and sends all
/// up to the newest. A decision that it would not carry out as it stands becomes the reason why. Where its clock of whole
/// seconds misleads it nevertheless, zfs refuses its stream, because nothing is ever forced.
/// </summary>
internal static class EngineLimits
{
    private const string Remedy = "set the group's engine to native.";

    public static ReplicationDecision Apply(EdgeView edge, ReplicationDecision decision) =>
        edge.Policy.Engine == TransferEngine.Native
            ? decision
            : decision switch
            {
                Full full => Selection(edge) ?? NewTarget(edge, full) ?? Order(edge) ?? decision,
                Incremental increment => Selection(edge) ?? Order(edge) ?? Base(edge, increment.Base) ?? decision,
                Resume => Selection(edge) ?? Order(edge) ?? decision,
                _ => decision,
            };

    /// <summary>Whatever there is to select now: the next snapshot may come between this plan and its execution.</summary>
    private static Nothing? Selection(EdgeView edge)
    {
        var selection = edge.Policy.Snapshots;
        if (selection.Include.Count > 0 || selection.Exclude.Count > 0)
            return new Nothing(
                ReasonCode.EngineSendsEverything,
                $"syncoid sends every snapshot, and the group selects some: take the selection away, or {Remedy}"
            );
        return edge.Policy.MinAge > TimeSpan.Zero
            ? new Nothing(
                ReasonCode.EngineSendsEverything,
                $"syncoid sends the newest snapshot at once, and the group has a minimum age: take it away, or {Remedy}"
            )
            : null;
    }

    private static Nothing? NewTarget(EdgeView edge, Full full) =>
        full.OverwritesEmpty
            ? new Nothing(
                ReasonCode.EngineNeedsNewTarget,
                $"{edge.Facts.TargetName} exists, empty, and syncoid writes only into a dataset that it makes itself: destroy it, or {Remedy}"
            )
            : null;

    private static Nothing? Order(EdgeView edge)
    {
        var source = edge.History.Source;
        for (var i = 1; i < source.Count; i++)
        {
            if (source[i].CreatedAt < source[i - 1].CreatedAt)
                return new Nothing(
                    ReasonCode.EngineOrdersByTime,
                    $"By their times, @{source[i].Label} is older than @{source[i - 1].Label}, which was taken before it: syncoid would mistake their order. Destroy one of them, or {Remedy}"
                );
        }
        return null;
    }

    /// <summary>The newest snapshot that both sides have under one name; a bookmark only when there is none.</summary>
    private static Nothing? Base(EdgeView edge, Anchor from)
    {
        var onTarget = edge.History.Target.ToDictionary(s => s.Label, s => s.Guid, StringComparer.Ordinal);
        var found = edge.History.Source.LastOrDefault(s =>
            onTarget.TryGetValue(s.Label, out var guid) && guid == s.Guid
        );
        if (found?.Guid == from.Guid || (found is null && from.IsBookmark))
            return null;
        var why = from.IsBookmark
            ? $"the source has #{from.Label} of it only, a bookmark"
            : $"it is called @{edge.History.BaseOnTarget?.Label} there and @{from.Label} here";
        return new Nothing(
            ReasonCode.EngineFindsAnotherBase,
            $"The newest common snapshot cannot be syncoid's base: {why}, and syncoid {(found is null ? "finds none" : $"would start from @{found.Label}")}. {char.ToUpperInvariant(Remedy[0])}{Remedy[1..]}"
        );
    }
}

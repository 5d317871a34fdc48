using ZfsSync.Contracts.Edges;
using ZfsSync.Core.Replication;

namespace ZfsSync.Cli.Views;

/// <summary>Where an edge is on the way of <c>zfs-sync sync</c>.</summary>
internal enum SyncVerdict
{
    /// <summary>Something is on the way, or will be by itself.</summary>
    Waits,

    /// <summary>The target's inventory shows everything wanted, or nothing is wanted of it now.</summary>
    Done,

    /// <summary>It will not come by itself soon.</summary>
    Failed,

    /// <summary>A person must decide.</summary>
    NeedsPerson,
}

/// <summary>Reads the verdict from an edge. Pure.</summary>
internal static class SyncVerdicts
{
    /// <param name="fresher">
    /// Null when both hosts have reported since the sync was asked for: older good news may be old. Else whether that may still come.
    /// </param>
    public static SyncVerdict Of(EdgeResource edge, bool? fresher) =>
        edge.State switch
        {
            EdgeState.Syncing or EdgeState.Unproven => SyncVerdict.Waits,
            EdgeState.Stale => SyncVerdict.Failed,
            _ when edge.Reason == ReasonCode.HostFrozen => SyncVerdict.NeedsPerson,
            _ when fresher is { } mayCome => mayCome ? SyncVerdict.Waits : SyncVerdict.Failed,
            EdgeState.InSync => SyncVerdict.Done,
            EdgeState.Conflict => SyncVerdict.NeedsPerson,
            _ => OfReason(edge.Reason),
        };

    public static int ExitCodeOf(IReadOnlyCollection<SyncVerdict> verdicts) =>
        verdicts.Contains(SyncVerdict.NeedsPerson) ? ExitCodes.NeedsPerson
        : verdicts.All(v => v == SyncVerdict.Done) ? ExitCodes.Ok
        : ExitCodes.NotInSync;

    private static SyncVerdict OfReason(ReasonCode? reason) =>
        reason switch
        {
            null or ReasonCode.InProgress or ReasonCode.WaitsForParent or ReasonCode.ReceiveRunning =>
                SyncVerdict.Waits,
            ReasonCode.YoungerThanMinAge
            or ReasonCode.WithinMinGap
            or ReasonCode.NoSelectedSnapshots
            or ReasonCode.NoSourceSnapshots => SyncVerdict.Done,
            _ => SyncVerdict.Failed,
        };
}

using ZfsSync.Core.Display;
using static ZfsSync.Core.Replication.ReplicationDecision;

namespace ZfsSync.Core.Replication;

/// <summary>Reasons outside the two histories why an edge stands still. The planner asks them before and after it compares.</summary>
public static class EdgeGates
{
    /// <summary>Why nothing may be decided from these hosts' inventories; null when both are to be believed.</summary>
    public static Nothing? BeforeComparing(HostStanding source, HostStanding target) =>
        Unheard(source, ReasonCode.SourceNeverReported)
        ?? Unheard(target, ReasonCode.TargetNeverReported)
        ?? Silent(source, ReasonCode.SourceStale)
        ?? Silent(target, ReasonCode.TargetStale)
        ?? Frozen(source)
        ?? Frozen(target)
        ?? Cut(source)
        ?? Cut(target);

    /// <summary>Why what there is to send is not sent now; null when nothing stands against it.</summary>
    public static Nothing? BeforeSending(SendStanding standing)
    {
        if (standing.IsInProgress)
            return new Nothing(ReasonCode.InProgress, "An agent is working on it.");
        if (!standing.IsGroupEnabled)
            return new Nothing(ReasonCode.GroupDisabled, "The group is switched off; enable it to go on.");
        if (standing.MissingIdentity is (var executor, var other))
            return new Nothing(
                ReasonCode.MissingSshIdentity,
                $"{executor} has no ssh name for {other}: set ssh_hostname (and ssh_user, ssh_port) of {other}."
            );
        if (standing.WaitsFor is { } parent)
            return new Nothing(ReasonCode.WaitsForParent, $"The parent {parent} must arrive first.");
        // Longer than any wait: the clock was put back since.
        if (standing.RetryAt is { } retry && retry > standing.Now && retry <= standing.Now + BackOff.Longest)
            return new Nothing(
                ReasonCode.BackingOff,
                $"{Failed(standing.Failures)}; the next attempt is due at {retry:yyyy-MM-dd HH:mm:ss}Z, in {Duration.InWords(retry - standing.Now)}."
            );
        return null;
    }

    private static string Failed(int failures) =>
        failures switch
        {
            0 => "Somebody stopped it",
            1 => "The last attempt failed",
            _ => $"The last {failures} attempts failed",
        };

    private static Nothing? Unheard(HostStanding host, ReasonCode reason) =>
        host.HasReported
            ? null
            : new Nothing(reason, $"{host.Hostname} has never reported: start its agent, or its report script.");

    private static Nothing? Silent(HostStanding host, ReasonCode reason) =>
        host is { IsStale: true, Silence: { } silence }
            ? new Nothing(
                reason,
                $"{host.Hostname} has been silent for {Duration.InWords(silence)}, longer than {Duration.InWords(host.SilenceLimit)}: what is known of it may be old."
            )
            : null;

    private static Nothing? Frozen(HostStanding host) =>
        host.FrozenReason is { } why
            ? new Nothing(ReasonCode.HostFrozen, $"The plans of {host.Hostname} stand still: {why}")
            : null;

    private static Nothing? Cut(HostStanding host) =>
        host.IsComplete
            ? null
            : new Nothing(
                ReasonCode.InventoryIncomplete,
                $"The last report of {host.Hostname} was cut; the next complete one lets its edges go on."
            );
}

using ZfsSync.Witness.Hosting;

namespace ZfsSync.Witness.Features.Planning;

/// <summary>From which silence on a host's inventory is not to be trusted.</summary>
/// <param name="Agent">For a host with an agent, which reports all the time.</param>
/// <param name="Script">For a host that a script reports for, at the intervals of a timetable.</param>
internal sealed record SilenceLimits(TimeSpan Agent, TimeSpan Script)
{
    public static SilenceLimits Of(WitnessOptions options) =>
        new(
            TimeSpan.FromSeconds(options.HeartbeatTimeoutSeconds),
            TimeSpan.FromSeconds(Math.Max(options.HeartbeatTimeoutSeconds, 2L * options.SyncIntervalSeconds))
        );
}

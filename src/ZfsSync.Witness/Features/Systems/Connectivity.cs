using ZfsSync.Contracts.Systems;
using ZfsSync.Witness.Hosting;

namespace ZfsSync.Witness.Features.Systems;

/// <summary>Whether a host is heard of, and what else is wrong with it.</summary>
internal sealed class Connectivity(WitnessOptions options, TimeProvider time)
{
    private const double SkewWorthTellingSeconds = 60;

    public DateTimeOffset OnlineSince => time.GetUtcNow().AddSeconds(-options.HeartbeatTimeoutSeconds);

    public ConnectivityStatus StatusOf(DateTimeOffset? lastSeen) =>
        lastSeen is null ? ConnectivityStatus.Unknown
        : lastSeen >= OnlineSince ? ConnectivityStatus.Online
        : ConnectivityStatus.Offline;

    public SystemHealth HealthOf(SystemRow system)
    {
        var age = (time.GetUtcNow() - system.LastSeen)?.TotalSeconds;
        var status = StatusOf(system.LastSeen);
        return new SystemHealth(
            system.Id,
            system.Hostname,
            status,
            system.LastSeen,
            age,
            [.. Reasons(system, status, age)]
        );
    }

    private IEnumerable<string> Reasons(SystemRow system, ConnectivityStatus status, double? ageSeconds)
    {
        if (status == ConnectivityStatus.Unknown)
            yield return "Nothing was heard of it yet. Is its agent or report script running?";
        if (status == ConnectivityStatus.Offline)
            yield return $"Silent for {ageSeconds:0} seconds; {options.HeartbeatTimeoutSeconds} are allowed. Plans for its edges wait.";
        if (Math.Abs(system.ClockSkewUs / 1e6 ?? 0) is > SkewWorthTellingSeconds and var skew)
            yield return $"Its clock is {skew:0} seconds {(system.ClockSkewUs > 0 ? "ahead" : "behind")}. Check its time service.";
        if (system.FrozenReason is { } frozen)
            yield return frozen;
        if (system.LastReport is not null && !system.ReportComplete)
            yield return "Its last report was incomplete: nothing was taken as vanished.";
    }
}

using ZfsSync.Contracts.Systems;
using ZfsSync.Core.Display;

namespace ZfsSync.Witness.Features.Fleet;

/// <summary>A host on the first page.</summary>
public sealed record HostCard
{
    public required string Hostname { get; init; }
    public required Tone Tone { get; init; }

    /// <summary>One or two words.</summary>
    public required string Status { get; init; }

    /// <summary>When it was last heard of, or since when it is silent.</summary>
    public required string LastReport { get; init; }

    /// <summary>Pools and versions.</summary>
    public required IReadOnlyList<string> Facts { get; init; }

    /// <summary>What is wrong, a sentence each.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    public required bool Simulated { get; init; }

    public static HostCard Of(SystemResource system, DateTimeOffset now)
    {
        var warnings = Warn(system).ToList();
        var tone =
            system.FrozenReason is not null ? Tone.Bad
            : system.ConnectivityStatus == ConnectivityStatus.Offline ? Tone.Warning
            : system.ConnectivityStatus == ConnectivityStatus.Unknown ? Tone.Quiet
            : warnings.Count > 0 ? Tone.Warning
            : Tone.Good;
        return new HostCard
        {
            Hostname = system.Hostname,
            Tone = tone,
            Status =
                system.FrozenReason is not null ? "standing still"
                : system.ConnectivityStatus == ConnectivityStatus.Offline ? "silent"
                : system.ConnectivityStatus == ConnectivityStatus.Unknown ? "not heard of yet"
                : "reporting",
            LastReport = Heard(system, now),
            Facts = [.. Known(system)],
            Warnings = warnings,
            Simulated = system.Simulated,
        };
    }

    private static string Heard(SystemResource system, DateTimeOffset now) =>
        (system.LastReport ?? system.LastSeen) is not { } heard ? "no report yet"
        : system.ConnectivityStatus == ConnectivityStatus.Offline
            ? $"stale since {heard:yyyy-MM-dd HH:mm} UTC, {Duration.InWords(now - heard)} ago"
        : $"reported {Duration.InWords(now - heard)} ago";

    private static IEnumerable<string> Known(SystemResource system)
    {
        foreach (var pool in system.Pools)
            yield return pool.FreeBytes is { } free
                ? $"pool {pool.Name}, {DataSize.InWords(free)} free"
                : $"pool {pool.Name}";
        if (system.ZfsVersion is { } version)
            yield return version.StartsWith("zfs", StringComparison.Ordinal) ? version : $"zfs {version}";
        yield return system.AgentVersion is { } agent ? $"agent {agent}" : "without an agent";
    }

    private static IEnumerable<string> Warn(SystemResource system)
    {
        if (system.FrozenReason is { } frozen)
            yield return frozen;
        if (system.ClockSkewSeconds is > 60 or < -60)
            yield return $"Its clock is {Duration.InWords(TimeSpan.FromSeconds(Math.Abs(system.ClockSkewSeconds.Value)))} {(system.ClockSkewSeconds > 0 ? "ahead" : "behind")}.";
        foreach (var pool in system.Pools.Where(p => p.Health is not (null or "ONLINE")))
            yield return $"Pool {pool.Name} is {pool.Health}.";
    }
}

namespace ZfsSync.Contracts.Systems;

/// <summary>Whether a host is heard of, and what else is wrong with it.</summary>
/// <param name="SystemId">The host.</param>
/// <param name="Hostname">Its name.</param>
/// <param name="Status">Whether it is heard of.</param>
/// <param name="LastSeen">The last report or heartbeat.</param>
/// <param name="HeartbeatAgeSeconds">Since then; absent when never heard of.</param>
/// <param name="Reasons">Sentences: silence, clock skew, frozen plans, an incomplete report.</param>
public sealed record SystemHealth(
    Guid SystemId,
    string Hostname,
    ConnectivityStatus Status,
    DateTimeOffset? LastSeen,
    double? HeartbeatAgeSeconds,
    IReadOnlyList<string> Reasons
);

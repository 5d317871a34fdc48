namespace ZfsSync.Contracts.Systems;

/// <summary>The answer to a heartbeat.</summary>
/// <param name="SystemId">The host.</param>
/// <param name="LastSeen">Now, by the witness's clock.</param>
/// <param name="NextReportSeconds">When the next report or heartbeat is expected at the latest.</param>
public sealed record HeartbeatAnswer(Guid SystemId, DateTimeOffset LastSeen, int NextReportSeconds);

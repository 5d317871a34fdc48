namespace ZfsSync.Contracts.Health;

/// <summary>The answer of <c>GET /health</c>, <c>/health/ready</c> and <c>/health/live</c>.</summary>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>; <c>ready</c> or <c>not_ready</c>; <c>alive</c>.</param>
/// <param name="Version">The witness's version.</param>
/// <param name="UptimeSeconds">Since its start.</param>
/// <param name="Database"><c>connected</c>, or what is wrong with it, without secrets.</param>
public sealed record HealthAnswer(
    string Status,
    string? Version = null,
    long? UptimeSeconds = null,
    string? Database = null
);

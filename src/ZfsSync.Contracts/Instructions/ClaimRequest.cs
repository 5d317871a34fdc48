namespace ZfsSync.Contracts.Instructions;

/// <summary>The body of <c>POST /instructions/{id}/claim</c>.</summary>
/// <param name="AgentId">The random id of the agent's installation.</param>
public sealed record ClaimRequest(string AgentId);

namespace ZfsSync.Contracts.Instructions;

/// <summary>The body of <c>POST /instructions/{id}/claim</c>.</summary>
/// <param name="AgentId">The random id of the agent's installation.</param>
public sealed record ClaimRequest(string AgentId)
{
    /// <summary>
    /// The id that the lease is to have, random for each claim: whoever repeats a claim gets the lease that it made, and
    /// another agent does not, even one with the same id. The witness chooses one when it is absent.
    /// </summary>
    public Guid? LeaseId { get; init; }
}

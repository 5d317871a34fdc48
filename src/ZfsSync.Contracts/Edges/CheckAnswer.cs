namespace ZfsSync.Contracts.Edges;

/// <summary>The answer of <c>POST /sync/{group}/check</c>: what was decided just now. The group's hosts are asked to report at once;
/// with <c>wait_seconds</c> (at most 60) the decision waits for the reports of those that are heard of.</summary>
/// <param name="SyncGroupId">The group.</param>
/// <param name="CheckedAt">When the hosts were asked.</param>
/// <param name="Edges">The group's edges, those of the page (<c>skip</c>, <c>limit</c>).</param>
public sealed record CheckAnswer(Guid SyncGroupId, DateTimeOffset CheckedAt, IReadOnlyList<EdgeResource> Edges)
{
    /// <summary>Hostnames of the group's hosts with an agent that have not reported since they were asked, by this call, to do so at once.</summary>
    public IReadOnlyList<string> Awaited { get; set; } = [];
}

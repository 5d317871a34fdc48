using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>What the parts of the planner look at: the facts with the two histories laid beside each other, and what the policy makes of them.</summary>
internal sealed record EdgeView
{
    public required EdgeFacts Facts { get; init; }
    public required EdgePolicy Policy { get; init; }
    public required DatasetInventory Source { get; init; }

    /// <summary>The target; null also when a partial first receive, the only thing there is, will be aborted.</summary>
    public required DatasetInventory? Target { get; init; }
    public required EdgeHistory History { get; init; }
    public required SendFlags Flags { get; init; }

    /// <summary>A partial receive that is to be aborted, and why.</summary>
    public TokenVerdict? Abort { get; init; }

    /// <summary>Whether the stream carries encrypted blocks: <c>-w</c> of a plain dataset does not.</summary>
    public bool IsRawStream => Flags.Raw && Source.Encryption is not null;

    public static EdgeView Of(EdgeFacts facts, EdgePolicy policy, DatasetInventory source, DatasetInventory? target)
    {
        var history = EdgeHistory.Compare(source, target);
        return new EdgeView
        {
            Facts = facts,
            Policy = policy,
            Source = source,
            Target = target,
            History = history,
            Flags = SendFlagsPlanner.Plan(facts, policy, source, hasHistory: history.Base is not null),
        };
    }
}

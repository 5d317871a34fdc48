using ZfsSync.Contracts.Instructions;
using ZfsSync.Core.Replication;
using ZfsSync.Witness.Features.Planning;

namespace ZfsSync.Witness.Features.Instructions;

/// <summary>What an outcome means for its edge. Pure.</summary>
internal static class OutcomeRules
{
    private const string RawLineage = "raw_lineage";
    private const string TargetHasFiles = "target_has_files";

    // After this a stopped transfer may begin again; to stop it for good, a person switches the group off.
    private static readonly TimeSpan StopPause = TimeSpan.FromMinutes(10);

    public static EdgeRow Apply(EdgeRow edge, OutcomeReport outcome, DateTimeOffset now)
    {
        // What comes next is for the plan to say, which is made right after; its lease may have ended long ago.
        edge = edge with
        {
            Reason = edge.Reason ?? ReasonCode.InProgress,
        };
        if (outcome.Result == OutcomeResult.Done)
            return edge;
        var text = outcome.ErrorText ?? outcome.ErrorKind ?? "The agent gave no reason.";
        return outcome.ErrorKind switch
        {
            // Nothing is wrong with the data or the tools: the agent ended, or was too slow to answer.
            "interrupted" or "lease_lost" => edge with { LastError = text },
            "stopped" => edge with { LastError = text, RetryAt = now + StopPause },
            RawLineage => EdgeMemory.Failed(edge, text, now) with { RawLineageBroken = true },
            TargetHasFiles => edge with { LastError = text, TargetHasFiles = true },
            _ => EdgeMemory.Failed(edge, text, now),
        };
    }
}

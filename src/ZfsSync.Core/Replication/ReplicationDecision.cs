using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>
/// What to do about one edge now, and why. A closed set; made by <see cref="ReplicationPlanner"/>, a pure function, so
/// the same facts always give the same decision.
/// </summary>
public abstract record ReplicationDecision
{
    private ReplicationDecision() { }

    /// <summary>Whether any side was matched by name and creation second because its host reports no guids.</summary>
    public bool IsMatchedByName { get; init; }

    /// <summary>
    /// The target holds everything wanted: its own inventory has the guid of the source's newest wanted snapshot, or of
    /// something newer in the source's history.
    /// </summary>
    /// <param name="Newest">The newest common point, as the source knows it.</param>
    public sealed record UpToDate(Snapshot Newest) : ReplicationDecision
    {
        /// <summary>Bytes written on the target since; above zero, the next snapshot will not be accepted as things are.</summary>
        public ulong? TargetWrittenBytes { get; init; }
    }

    /// <summary>Bring the target forward from a common point.</summary>
    /// <param name="Base">The newest common point.</param>
    /// <param name="Steps">In order; never empty.</param>
    /// <param name="Flags">The stream format.</param>
    public sealed record Incremental(Anchor Base, IReadOnlyList<SendStep> Steps, SendFlags Flags) : ReplicationDecision
    {
        /// <summary>A partial receive that must be aborted first, and why; null when there is none.</summary>
        public TokenVerdict? Abort { get; init; }
    }

    /// <summary>First replication into a dataset that does not exist (or is an allowed empty one).</summary>
    /// <param name="Steps">In order; the first is <see cref="SendStep.Full"/>.</param>
    /// <param name="Flags">The stream format.</param>
    public sealed record Full(IReadOnlyList<SendStep> Steps, SendFlags Flags) : ReplicationDecision
    {
        /// <summary>A partial receive that must be aborted first, and why; null when there is none.</summary>
        public TokenVerdict? Abort { get; init; }

        /// <summary>The target exists, empty and without snapshots: only <c>receive -F</c> writes into it, and it loses nothing.</summary>
        public bool OverwritesEmpty { get; init; }
    }

    /// <summary>Nothing is to be sent, but a partial receive that no plan can use keeps space on the target: discard it, then plan again.</summary>
    /// <param name="Verdict">Why it is of no use.</param>
    /// <param name="Detail">One sentence for people.</param>
    public sealed record AbortPartial(TokenVerdict Verdict, string Detail) : ReplicationDecision;

    /// <summary>Finish a receive that was cut; the next plan sends the rest.</summary>
    /// <param name="Step">The one step.</param>
    /// <param name="Flags">The stream format of the edge; the token itself carries what the stream is made with.</param>
    public sealed record Resume(SendStep.Resume Step, SendFlags Flags) : ReplicationDecision;

    /// <summary>A person approved a repair of a conflict: do it, then plan again.</summary>
    /// <param name="Kind">The conflict that it repairs.</param>
    /// <param name="Option">The approved option.</param>
    public sealed record ApprovedRepair(ConflictKind Kind, Repair Option) : ReplicationDecision
    {
        /// <summary>A partial receive that must be aborted first, and why; null when there is none.</summary>
        public TokenVerdict? Abort { get; init; }
    }

    /// <summary>Nothing may be sent until something changes or a person decides.</summary>
    /// <param name="Kind">What is wrong.</param>
    /// <param name="Evidence">The facts that show it.</param>
    /// <param name="Repairs">From harmless to destructive; never empty.</param>
    public sealed record Conflict(ConflictKind Kind, ConflictEvidence Evidence, IReadOnlyList<Repair> Repairs)
        : ReplicationDecision;

    /// <summary>Nothing to send now, and nothing is wrong with the data.</summary>
    /// <param name="Reason">The stable code.</param>
    /// <param name="Detail">One sentence for people, with the numbers.</param>
    public sealed record Nothing(ReasonCode Reason, string Detail) : ReplicationDecision;
}

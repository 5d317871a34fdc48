using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>One <c>zfs send | zfs receive</c> of a plan. A closed set.</summary>
public abstract record SendStep
{
    private SendStep() { }

    /// <summary>The guid that the target's newest snapshot has after the step.</summary>
    public abstract SnapshotGuid EndGuid { get; }

    /// <summary>The bytes it is expected to move; null when nobody knows.</summary>
    public ulong? EstimatedBytes { get; init; }

    /// <summary><c>zfs send to</c>: the whole of one snapshot, into a dataset that does not exist yet.</summary>
    public sealed record Full(Snapshot To) : SendStep
    {
        /// <inheritdoc/>
        public override SnapshotGuid EndGuid => To.Guid;
    }

    /// <summary><c>zfs send -i from to</c>: the difference; snapshots between the two do not arrive.</summary>
    public sealed record Incremental(Anchor From, Snapshot To) : SendStep
    {
        /// <inheritdoc/>
        public override SnapshotGuid EndGuid => To.Guid;
    }

    /// <summary><c>zfs send -I from to</c>: every snapshot between the two arrives, so there must be nothing unwanted between them.</summary>
    /// <param name="From">A snapshot on both sides; never a bookmark.</param>
    /// <param name="Arriving">What arrives, oldest first; the last one is the end. At least two.</param>
    public sealed record Range(Snapshot From, IReadOnlyList<Snapshot> Arriving) : SendStep
    {
        /// <inheritdoc/>
        public override SnapshotGuid EndGuid => Arriving[^1].Guid;
    }

    /// <summary><c>zfs send -t token</c>: the rest of a receive that was cut. Brings exactly one snapshot.</summary>
    public sealed record Resume(ResumeToken Token) : SendStep
    {
        /// <inheritdoc/>
        public override SnapshotGuid EndGuid => Token.ToGuid;
    }
}

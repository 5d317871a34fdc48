namespace ZfsSync.Core.Replication;

/// <summary>What keeps an edge from being replicated until something changes or a person decides. On the wire in snake_case.</summary>
public enum ConflictKind
{
    /// <summary>Both sides have snapshots and none in common.</summary>
    NoCommonAncestor,

    /// <summary>Both sides wrote after the newest common snapshot (split brain).</summary>
    Diverged,

    /// <summary>The target has own snapshots after the newest common one, and the source has nothing newer, or also.</summary>
    TargetAhead,

    /// <summary>The target was written to since its newest snapshot.</summary>
    TargetModified,

    /// <summary>The target exists with data and has no snapshots.</summary>
    TargetHasData,

    /// <summary>The target exists, is empty, has no snapshots, and receiving into it was not allowed.</summary>
    TargetExistsEmpty,

    /// <summary>One side is a volume, the other a file system.</summary>
    KindMismatch,

    /// <summary>A snapshot to be sent has the name of another snapshot on the target.</summary>
    NameClash,

    /// <summary>The source is plain and the target (or the parent it would inherit from) is encrypted, or the reverse.</summary>
    EncryptionMismatch,

    /// <summary>Raw is wanted after a history that was not raw, or the reverse.</summary>
    RawHistoryMismatch,

    /// <summary>ZFS refused a raw increment although the guids match (IV set).</summary>
    RawLineageBroken,

    /// <summary>The dataset seems to have been renamed: the target has its history under another name.</summary>
    Renamed,

    /// <summary>The target holds a partial receive of something else.</summary>
    ForeignPartialReceive,
}

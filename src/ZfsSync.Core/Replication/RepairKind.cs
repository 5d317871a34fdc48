namespace ZfsSync.Core.Replication;

/// <summary>Ways out of a conflict, from harmless to destructive. On the wire in snake_case.</summary>
public enum RepairKind
{
    /// <summary>Read both inventories again: the facts may be old.</summary>
    ReRead,

    /// <summary>A person changes something outside: load a key, change the policy, exclude the target from a snapshotter. The text says what.</summary>
    ByHand,

    /// <summary>Discard a partial receive on the target (<c>zfs receive -A</c>); no snapshot is touched.</summary>
    AbortPartialReceive,

    /// <summary>Rename the target's copy to the name that the source has now.</summary>
    FollowRename,

    /// <summary>Rename snapshots of the target that stand in the way; nothing is destroyed.</summary>
    RenameTargetSnapshots,

    /// <summary>Rename the target and receive the whole history beside it; nothing is destroyed, space is used twice.</summary>
    ReceiveBeside,

    /// <summary>Roll the target back to the newest common snapshot; destroys what was written and the snapshots named.</summary>
    Rollback,

    /// <summary>Destroy the target's dataset and receive the whole history again.</summary>
    FullResend,
}

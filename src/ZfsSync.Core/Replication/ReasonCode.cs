namespace ZfsSync.Core.Replication;

/// <summary>Why an edge has nothing to send now. On the wire in snake_case; codes are added, never changed.</summary>
public enum ReasonCode
{
    /// <summary>The source's inventory does not have the dataset.</summary>
    SourceDatasetMissing,

    /// <summary>The source dataset has no snapshots.</summary>
    NoSourceSnapshots,

    /// <summary>The source has snapshots, but the selection wants none of them.</summary>
    NoSelectedSnapshots,

    /// <summary>Every wanted snapshot that the target lacks is younger than the minimum age.</summary>
    YoungerThanMinAge,

    /// <summary>The newest wanted snapshot is too close to the newest common one.</summary>
    WithinMinGap,

    /// <summary>The parent dataset must arrive first.</summary>
    WaitsForParent,

    /// <summary>A receive into the target is running.</summary>
    ReceiveRunning,

    /// <summary>An instruction for this edge is already with an agent.</summary>
    InProgress,

    /// <summary>The key of an encrypted source is not loaded, and the edge is not raw.</summary>
    SourceKeyNotLoaded,

    /// <summary>The key of the encrypted target, or of the parent that a new target inherits from, is not loaded, and the edge is not raw.</summary>
    TargetKeyNotLoaded,

    /// <summary>The group is switched off.</summary>
    GroupDisabled,

    /// <summary>The source host has never reported.</summary>
    SourceNeverReported,

    /// <summary>The target host has never reported.</summary>
    TargetNeverReported,

    /// <summary>The source host has been silent for too long, so its inventory is not to be trusted.</summary>
    SourceStale,

    /// <summary>The target host has been silent for too long, so its inventory is not to be trusted.</summary>
    TargetStale,

    /// <summary>Many snapshots of a host vanished at once; a person must say that this is right.</summary>
    HostFrozen,

    /// <summary>The last report of a host was cut: its inventory is not complete.</summary>
    InventoryIncomplete,

    /// <summary>The executing host has no ssh name for the other one.</summary>
    MissingSshIdentity,

    /// <summary>The last attempts failed; the next one is due later.</summary>
    BackingOff,

    /// <summary>The target's member root is not among the pools and datasets that its host reports.</summary>
    TargetRootMissing,

    /// <summary>The pool of one side was there, and its host does not report it any more.</summary>
    PoolMissing,

    /// <summary>The source's host reports no guids, and the executing agent works by guid.</summary>
    SourceReportsNoGuids,

    /// <summary>The copy's name would be longer than ZFS allows.</summary>
    TargetNameTooLong,

    /// <summary>The engine sends every snapshot, and the group selects some or holds back young ones.</summary>
    EngineSendsEverything,

    /// <summary>The engine would start from another snapshot than the newest common one: it knows snapshots by name.</summary>
    EngineFindsAnotherBase,

    /// <summary>The engine orders snapshots by time, and the source's clock was set back between two of them.</summary>
    EngineOrdersByTime,

    /// <summary>The engine writes into a new dataset only, and the target exists.</summary>
    EngineNeedsNewTarget,
}

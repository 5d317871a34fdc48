namespace ZfsSync.Tools.Zfs;

/// <summary>How much to ask about snapshots.</summary>
public enum SnapshotDetail
{
    /// <summary>Name, guid, createtxg. Costs next to nothing on OpenZFS 2.2 and later.</summary>
    Identity,

    /// <summary>Also creation, used, referenced, written and userrefs: opens each snapshot.</summary>
    Full,
}

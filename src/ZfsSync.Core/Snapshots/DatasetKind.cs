namespace ZfsSync.Core.Snapshots;

/// <summary>What a dataset is (property <c>type</c>).</summary>
public enum DatasetKind
{
    /// <summary>A file system.</summary>
    Filesystem,

    /// <summary>A volume (zvol), a block device.</summary>
    Volume,
}

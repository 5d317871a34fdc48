namespace ZfsSync.Tools.Zfs;

/// <summary>Where a delegated permission counts.</summary>
public enum PermissionScope
{
    /// <summary>On the dataset itself.</summary>
    Local,

    /// <summary>On datasets below it.</summary>
    Descendent,

    /// <summary>On both.</summary>
    LocalAndDescendent,

    /// <summary>On what its holder creates there.</summary>
    Create,

    /// <summary>A named set; grants nothing by itself.</summary>
    Set,
}

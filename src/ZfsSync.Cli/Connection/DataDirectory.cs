namespace ZfsSync.Cli.Connection;

/// <summary>Where the state of witness and agent lies on this machine.</summary>
internal static class DataDirectory
{
    public static string Of(Surroundings surroundings) =>
        surroundings.Variable("ZFS_SYNC_DATA_DIR")
        ?? (
            surroundings.IsRoot
                ? "/var/lib/zfs-sync"
                : Path.Combine(
                    surroundings.Variable("XDG_DATA_HOME")
                        ?? Path.Combine(surroundings.HomeDirectory, ".local", "share"),
                    "zfs-sync"
                )
        );

    /// <summary>The witness writes the first admin's key there, readable by its owner.</summary>
    public static string AdminKeyFile(string directory) => Path.Combine(directory, "admin.key");

    /// <summary>As a service the witness is another user than the agent and has a folder of its own in the directory.</summary>
    public static string ServiceAdminKeyFile(string directory) => AdminKeyFile(Path.Combine(directory, "witness"));
}

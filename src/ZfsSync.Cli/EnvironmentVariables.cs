namespace ZfsSync.Cli;

/// <summary>The environment that this program reads. What else starts with ZFS_SYNC_ is the witness's.</summary>
internal static class EnvironmentVariables
{
    public static readonly IReadOnlyList<(string Name, string Meaning)> All =
    [
        ("ZFS_SYNC_URL", "the witness, for instance http://10.0.0.1:8000"),
        ("ZFS_SYNC_API_KEY", "the key to sign in with"),
        ("ZFS_SYNC_ADMIN_KEY", "the first admin's key; the witness takes it instead of making one"),
        (
            "ZFS_SYNC_DATA_DIR",
            "the state of witness and agent (/var/lib/zfs-sync as root, else ~/.local/share/zfs-sync)"
        ),
        ("ZFS_SYNC_HOST, ZFS_SYNC_PORT", "where 'up' lets the witness listen (127.0.0.1, 8000)"),
        ("ZFS_SYNC_API_PREFIX", "the API's prefix (/api/v1)"),
        ("ZFS_SYNC_WITNESS_PATH", "the program zfs-sync-witness (default: beside this one, then the PATH)"),
        ("ZFS_SYNC_DEBUG", "show where a fault of zfs-sync itself happened"),
        ("NO_COLOR", "no colours"),
    ];
}

namespace ZfsSync.Tools.Commands;

/// <summary>The texts by which <see cref="ErrorClassifier"/> knows an error. Read in the sources of the releases; no other part of the program knows them.</summary>
internal static class ErrorTexts
{
    /// <summary>ssh's own failures.</summary>
    public static readonly string[] OfSsh =
    [
        "Permission denied (",
        "Host key verification failed",
        "REMOTE HOST IDENTIFICATION HAS CHANGED",
        "Could not resolve hostname",
        "Connection refused",
        "Connection timed out",
        "Connection closed by",
        "Connection reset by",
        "No route to host",
        "Network is unreachable",
        "not responding",
        "Too many authentication failures",
        "kex_exchange_identification",
        "mux_client",
        "Bad configuration option",
        "Bad owner or permissions on",
    ];

    /// <summary>A text that matches several kinds means the first of them: zfs adds generic words to telling ones.</summary>
    public static readonly (ToolErrorKind Kind, string[] Texts)[] FromTellingToGeneric =
    [
        (
            ToolErrorKind.NotInstalled,
            [
                "ZFS modules are not loaded",
                "ZFS modules cannot be auto-loaded",
                "/dev/zfs and /proc/self/mounts are required",
                "Failed to initialize the libzfs library",
                "Failed to load openzfs module",
                "Failed to load zfs module",
                "command not found",
                "Command not found",
                ": not found",
            ]
        ),
        // The colon tells the error from the warning of a receive that went well.
        (
            ToolErrorKind.RawLineage,
            [": IV set guid mismatch", ": IV set guid missing", "cannot perform raw receive on top of"]
        ),
        (ToolErrorKind.FlagChange, ["requires -L (--large-block)", "need -L (--large-block)"]),
        (
            ToolErrorKind.Key,
            [
                "key must be loaded",
                "Key must be loaded",
                "key not loaded",
                "Key not loaded",
                "encryption key does not match",
                "failed to create encryption key",
                "encryption failure",
            ]
        ),
        (ToolErrorKind.Partial, ["partially-complete state"]),
        (
            ToolErrorKind.Stale,
            [
                "resume token is corrupt",
                "resume token does not match",
                "used in the initial send",
                "incremental source could not be found",
                "cannot resume send",
            ]
        ),
        (ToolErrorKind.Modified, ["has been modified"]),
        (
            ToolErrorKind.BaseMismatch,
            [
                "match incremental source",
                "not an earlier snapshot from the same fs",
                "more recent snapshots or bookmarks exist",
            ]
        ),
        (ToolErrorKind.Clones, ["has dependent clones", "snapshot is cloned", "clones of previous snapshots exist"]),
        (
            ToolErrorKind.Exists,
            [
                "must specify -F to overwrite",
                "destination already exists",
                "destination has snapshots",
                "destination has children",
                "must destroy it to overwrite it",
                "dataset already exists",
                "pool or dataset exists",
                "bookmark exists",
                "Resuming recv on existing dataset without force",
            ]
        ),
        (ToolErrorKind.Space, ["out of space", "quota exceeded", "No space left on device"]),
        (
            ToolErrorKind.PoolFault,
            [
                "pool I/O is currently suspended",
                "pool is unavailable",
                "pool is read-only",
                "insufficient replicas",
                "I/O error",
                "Input/output error",
            ]
        ),
        (
            ToolErrorKind.Busy,
            [
                "it's being held",
                "dataset is busy",
                "pool or dataset is busy",
                "pool is busy",
                "target is busy",
                "has children",
            ]
        ),
        (ToolErrorKind.Stale, ["incremental source "]),
        (
            ToolErrorKind.Permission,
            [
                "ermission denied",
                "Operation not permitted",
                "cannot mount",
                "may only be mounted by root",
                "delegated administration is disabled",
                "must be run as root",
                "a password is required",
            ]
        ),
        (
            ToolErrorKind.Unsupported,
            [
                "invalid option",
                "unrecognized command",
                "invalid property",
                "bad property list",
                "unsupported feature",
                "unsupported version or feature",
                "must be upgraded",
                "does not support th",
                "does not support an option",
                "operation not supported",
                "not compatible with the data in the pool",
            ]
        ),
        (
            ToolErrorKind.Gone,
            ["does not exist", "no longer exists", "no such pool", "could not find any snapshots to destroy"]
        ),
        (
            ToolErrorKind.StreamBroken,
            [
                "incomplete stream",
                "failed to read from stream",
                "checksum mismatch",
                "incorrect header checksum",
                "invalid record type",
                "bad magic number",
                "invalid backup stream",
                "backup failed",
                "signal received",
                "Broken pipe",
                "Connection reset",
                "unexpected end of file",
            ]
        ),
    ];
}

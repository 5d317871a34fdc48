namespace ZfsSync.Tools.Commands;

/// <summary>What a tool's failure means, from its text. On the wire in snake_case.</summary>
public enum ToolErrorKind
{
    /// <summary>None of the known texts.</summary>
    Unknown,

    /// <summary>The program is not installed, or not on the PATH.</summary>
    NotInstalled,

    /// <summary>The target was modified since its newest snapshot.</summary>
    Modified,

    /// <summary>The target's newest snapshot is not the stream's base.</summary>
    BaseMismatch,

    /// <summary>The target exists already.</summary>
    Exists,

    /// <summary>The target holds a partial receive.</summary>
    Partial,

    /// <summary>The resume token, or the base, is no longer good.</summary>
    Stale,

    /// <summary>An encryption key is missing.</summary>
    Key,

    /// <summary>A raw increment does not fit its target (IV set).</summary>
    RawLineage,

    /// <summary>The large-block flag changed along the chain.</summary>
    FlagChange,

    /// <summary>The dataset or snapshot does not exist.</summary>
    Gone,

    /// <summary>No space, or a quota is reached.</summary>
    Space,

    /// <summary>Permission denied.</summary>
    Permission,

    /// <summary>A snapshot has clones.</summary>
    Clones,

    /// <summary>A snapshot is held, or a dataset is in use.</summary>
    Busy,

    /// <summary>ssh could not connect or sign in.</summary>
    Unreachable,

    /// <summary>The stream broke or was garbled; trying again may help.</summary>
    StreamBroken,

    /// <summary>The pool is suspended, faulted or has I/O errors.</summary>
    PoolFault,

    /// <summary>The tool does not know an option or feature.</summary>
    Unsupported,
}

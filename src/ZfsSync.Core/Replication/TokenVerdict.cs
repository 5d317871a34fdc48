namespace ZfsSync.Core.Replication;

/// <summary>The judgement on a resume token. On the wire in snake_case.</summary>
public enum TokenVerdict
{
    /// <summary>Its snapshot is wanted and still on the source: resume.</summary>
    Wanted,

    /// <summary>Its snapshot, or its base, is gone from the source: abort.</summary>
    Obsolete,

    /// <summary>Its snapshot is still on the source but no longer selected: abort.</summary>
    NotSelected,

    /// <summary>It belongs to another dataset: ask.</summary>
    Foreign,

    /// <summary>It is raw and the edge is not, or the reverse: abort.</summary>
    RawMismatch,

    /// <summary>It cannot be decoded: abort.</summary>
    Corrupt,

    /// <summary>The policy forbids resuming: abort.</summary>
    ResumeForbidden,
}

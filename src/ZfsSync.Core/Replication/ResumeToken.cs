using ZfsSync.Core.Snapshots;

namespace ZfsSync.Core.Replication;

/// <summary>What a <c>receive_resume_token</c> says, decoded without zfs.</summary>
/// <param name="Text">The token as zfs printed it, for <c>zfs send -t</c>.</param>
/// <param name="ToGuid">The snapshot that was being received.</param>
/// <param name="FromGuid">The base of the incremental; null for a full stream.</param>
/// <param name="ToName">The full name of the snapshot on the source at that time.</param>
/// <param name="ReceivedBytes">Bytes that are already on the target.</param>
public sealed record ResumeToken(
    string Text,
    SnapshotGuid ToGuid,
    SnapshotGuid? FromGuid,
    string ToName,
    ulong ReceivedBytes
)
{
    /// <summary>The stream is raw (<c>-w</c>).</summary>
    public bool IsRaw { get; init; }

    /// <summary>The stream has large blocks (<c>-L</c>).</summary>
    public bool HasLargeBlocks { get; init; }

    /// <summary>The stream has compressed blocks (<c>-c</c>).</summary>
    public bool IsCompressed { get; init; }

    /// <summary>The stream has embedded blocks (<c>-e</c>).</summary>
    public bool HasEmbedded { get; init; }
}

namespace ZfsSync.Core.Replication;

/// <summary>The format of an edge's streams. Pinned at the first success, because ZFS refuses or damages a chain that changes them.</summary>
/// <param name="Raw"><c>-w</c>: encrypted blocks as they are; the target never needs the key.</param>
/// <param name="LargeBlocks"><c>-L</c>: records above 128 KiB stay large.</param>
/// <param name="Compressed"><c>-c</c>: compressed blocks as they are on disk. May change freely.</param>
/// <param name="Embedded"><c>-e</c>: embedded blocks as they are.</param>
public sealed record SendFlags(bool Raw, bool LargeBlocks, bool Compressed, bool Embedded)
{
    /// <summary>What a new edge of a plain dataset uses: <c>-L -c -e</c>.</summary>
    public static readonly SendFlags Default = new(Raw: false, LargeBlocks: true, Compressed: true, Embedded: true);
}

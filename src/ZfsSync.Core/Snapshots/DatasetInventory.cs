namespace ZfsSync.Core.Snapshots;

/// <summary>Everything a host says about one dataset: the fact that every decision starts from.</summary>
public sealed record DatasetInventory
{
    /// <summary>
    /// What an empty file system or volume is at most taken to refer to. A fresh one refers to 24 KiB to about 200 KiB,
    /// by the pool's sector size and layout; above this there is data.
    /// </summary>
    public const ulong EmptyBytes = 256 * 1024;

    /// <summary>The full name on its host.</summary>
    public required DatasetName Name { get; init; }

    /// <summary>File system or volume.</summary>
    public DatasetKind Kind { get; init; } = DatasetKind.Filesystem;

    /// <summary>The dataset's own guid (property <c>guid</c>); tells a re-created dataset from the old one. Null when not reported.</summary>
    public ulong? DatasetGuid { get; init; }

    /// <summary>Its encryption, or null for a plain dataset (or when not reported).</summary>
    public DatasetEncryption? Encryption { get; init; }

    /// <summary>The dataset this is a clone of, as <c>dataset@snapshot</c>, or null.</summary>
    public SnapshotName? Origin { get; init; }

    /// <summary>Property <c>receive_resume_token</c>: a receive was cut and can be resumed. Null when there is none.</summary>
    public string? ReceiveResumeToken { get; init; }

    /// <summary>Bytes written since the newest snapshot (property <c>written</c>); null when not reported.</summary>
    public ulong? WrittenBytes { get; init; }

    /// <summary>Bytes that the dataset and its snapshots use (property <c>used</c>); null when not reported.</summary>
    public ulong? UsedBytes { get; init; }

    /// <summary>Bytes reachable through its head (property <c>referenced</c>); null when not reported.</summary>
    public ulong? ReferencedBytes { get; init; }

    /// <summary>Bytes it could still take (property <c>available</c>); null when not reported.</summary>
    public ulong? AvailableBytes { get; init; }

    /// <summary>Whether this is a placeholder of ours: an empty parent made so that a child has a place (user property <c>zfs-sync:placeholder</c>).</summary>
    public bool IsPlaceholder { get; init; }

    /// <summary>Whether a receive into it runs, as far as its agent runs it.</summary>
    public bool IsReceiving { get; init; }

    /// <summary>Its snapshots, oldest first by createtxg.</summary>
    public IReadOnlyList<Snapshot> Snapshots { get; init; } = [];

    /// <summary>Its bookmarks, oldest first by createtxg.</summary>
    public IReadOnlyList<Bookmark> Bookmarks { get; init; } = [];

    /// <summary>Whether a dataset without snapshots is taken for empty; one whose size is not reported is not.</summary>
    public bool IsEmpty => (WrittenBytes ?? ReferencedBytes) is <= EmptyBytes;
}

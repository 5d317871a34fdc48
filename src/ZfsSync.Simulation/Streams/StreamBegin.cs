namespace ZfsSync.Simulation.Streams;

/// <summary>The first record of one snapshot in a stream: what a receive checks before it takes a byte.</summary>
internal sealed record StreamBegin(ulong ToGuid, ulong FromGuid, string ToName)
{
    public bool IsRaw { get; init; }
    public bool HasLargeBlocks { get; init; }
    public bool HasEmbedded { get; init; }
    public bool IsCompressed { get; init; }
    public bool IsVolume { get; init; }

    /// <summary>The base is the origin of a clone: a new dataset is made.</summary>
    public bool IsClone { get; init; }

    /// <summary>The snapshot's creation, in seconds since 1970; it travels.</summary>
    public long Creation { get; init; }

    /// <summary>Of a raw stream.</summary>
    public RawKey? Key { get; init; }
    public ulong IvSetGuid { get; init; }
    public ulong FromIvSetGuid { get; init; }

    /// <summary>The bytes a resumed stream leaves out, as its token says; null when not resumed.</summary>
    public long? ResumeBytes { get; init; }

    public bool IsFull => FromGuid == 0;

    /// <summary>The dataset it was sent from.</summary>
    public string SourceDataset => ToName[..ToName.IndexOf('@', StringComparison.Ordinal)];

    public string SnapshotName => ToName[(ToName.IndexOf('@', StringComparison.Ordinal) + 1)..];
}

/// <summary>The encryption that travels with a raw stream.</summary>
internal sealed record RawKey(string Suite, ulong MasterKey, string Format, string Secret, bool IsRoot);
